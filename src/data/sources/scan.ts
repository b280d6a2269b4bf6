import Type from 'typebox'
import { dataError } from '../data-error.js'
import { readLines } from '../reading/files.js'
import { brings, givenSets, pathsSchema, readFiles, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

export const scan = defineExampleSource({
  name: 'scan',
  summary: 'Commands and action sequences, one pair per line: `IN: jump twice OUT: I_JUMP I_JUMP`.',
  equations: [],
  source: {
    paper: 'Lake & Baroni 2018, Generalization without Systematicity',
    url: 'https://github.com/brendenlake/SCAN',
  },
  options: Type.Object({
    file: Type.Optional(pathsSchema('One set, split by seed.')),
    ...givenSets(pathsSchema),
  }),
  gives: 'pairs',
  build: (options) => ({
    brings: brings(options),
    problems: () => setProblems(options, 'file', options.file),
    read: ({ baseDir }) =>
      readFiles('scan', options, options.file, baseDir, async (path) =>
        (await readLines(path, baseDir)).map(toExample(path)),
      ),
  }),
})

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
