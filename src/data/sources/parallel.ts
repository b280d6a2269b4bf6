import Type from 'typebox'
import { closed } from '../../core/schema.js'
import { dataError } from '../data-error.js'
import { readLines } from '../reading/files.js'
import { brings, givenSets, pathSchema, readSets, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

const pair = (description: string) =>
  Type.Object(
    { source: pathSchema('Sources, one per line.'), target: pathSchema('Targets, line by line.') },
    { ...closed, description },
  )

export const parallel = defineExampleSource({
  name: 'parallel',
  summary: 'Two files, line by line: sources in one and their targets in the other.',
  equations: [],
  source: { paper: 'The usual form of parallel corpora (Europarl: Koehn 2005)' },
  options: Type.Object({
    files: Type.Optional(pair('One pair of files, split by seed.')),
    ...givenSets(pair),
  }),
  gives: 'pairs',
  build: (options) => ({
    brings: brings(options),
    problems: () => setProblems(options, 'files', options.files),
    read: ({ baseDir }) => readSets(options, options.files, (files) => readPair(files, baseDir)),
  }),
})

async function readPair(files: { source: string; target: string }, baseDir: string): Promise<RawExample[]> {
  const sources = await readLines(files.source, baseDir)
  const targets = await readLines(files.target, baseDir)
  if (sources.length !== targets.length) {
    const [short, long] = sources.length < targets.length ? [files.source, files.target] : [files.target, files.source]
    throw dataError({ file: short, line: Math.min(sources.length, targets.length) }, 'the file ends too early', {
      expected: `${Math.max(sources.length, targets.length)} lines, as in ${long}`,
      received: `${Math.min(sources.length, targets.length)}`,
    })
  }
  return sources.map((source, index) => ({
    source,
    target: targets[index] ?? '',
    where: `${files.source}:${index + 1}`,
  }))
}
