import Type, { type Static } from 'typebox'
import { dataError } from '../data-error.js'
import { readLines } from '../reading/files.js'
import { brings, givenSets, pathSchema, readSets, setProblems } from './given-sets.js'
import type { ExampleSource, RawExample } from './types.js'

const options = Type.Object({
  file: Type.Optional(pathSchema('One file, split by seed.')),
  ...givenSets(pathSchema),
})

export const scan: ExampleSource<typeof options, Static<typeof options>> = {
  name: 'scan',
  summary: 'Commands and action sequences, a line each: `IN: jump twice OUT: I_JUMP I_JUMP`.',
  equations: [],
  source: {
    paper: 'Lake & Baroni 2018, Generalization without Systematicity',
    url: 'https://github.com/brendenlake/SCAN',
  },
  options,
  gives: 'pairs',
  brings,
  problems: (options) => setProblems(options, 'file', options.file),
  read: (options, { baseDir }) =>
    readSets(options, options.file, async (path) => (await readLines(path, baseDir)).map(toExample(path))),
}

function toExample(path: string) {
  return (line: string, index: number): RawExample => {
    const where = `${path}:${index + 1}`
    if (line.trim() === '') return { source: '', target: '', where }
    const [, source, target] = /^IN: (.*) OUT: (.*)$/.exec(line) ?? []
    if (source !== undefined && target !== undefined) return { source, target, where }
    throw dataError({ file: path, line: index + 1 }, 'the line is not a SCAN example', {
      expected: '`IN: command OUT: actions`',
      received: JSON.stringify(line.slice(0, 60)),
    })
  }
}
