import Type from 'typebox'
import { closed } from '../../core/schema.js'
import { dataError } from '../data-error.js'
import { otherKinds } from '../reading/file-kind.js'
import { readLines } from '../reading/files.js'
import { refuseTooMuch } from '../reading/memory.js'
import { filesAt, type Paths } from '../reading/paths.js'
import { brings, everyFile, givenSets, pathsSchema, readSets, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

const pair = (description: string) =>
  Type.Object(
    { source: pathsSchema('Sources, one per line.'), target: pathsSchema('Targets, line by line.') },
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
    read: async ({ baseDir }) => {
      const { files, train, dev, test } = options
      const paths = [files, train, dev, test].flatMap((set) => (set === undefined ? [] : [set.source, set.target]))
      const all = await everyFile(paths, baseDir)
      await refuseTooMuch(all, baseDir)
      const sets = await readSets(options, files, (set) => readPairs(set, baseDir))
      return { ...sets, ...(await otherKinds('parallel', all, baseDir)) }
    },
  }),
})

interface Pair<T> {
  readonly source: T
  readonly target: T
}

/** The first file of sources goes with the first of targets. */
async function readPairs(files: Pair<Paths>, baseDir: string): Promise<RawExample[]> {
  const [sources, targets] = [await filesAt(files.source, baseDir), await filesAt(files.target, baseDir)]
  if (sources.length !== targets.length) {
    throw dataError([files.source].flat().join(', '), 'sources and targets are not as many files', {
      expected: `${sources.length} files of targets, as there are of sources`,
      received: `${targets.length}`,
    })
  }
  const examples: RawExample[][] = []
  for (const [at, source] of sources.entries()) {
    examples.push(await readPair({ source, target: targets[at] ?? '' }, baseDir))
  }
  return examples.flat()
}

async function readPair(files: Pair<string>, baseDir: string): Promise<RawExample[]> {
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
