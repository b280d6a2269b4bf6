import { SeqlabError } from '../core/errors.js'
import type { DataOptions } from './options.js'
import { sources } from './sources/index.js'

type SourceOptions = DataOptions['source']

/** Options of a source that say where its examples are; all others say how they are written. */
const places = new Set(['file', 'files', 'path', 'text', 'values', 'examples', 'train', 'dev', 'test'])

/**
 * A source's options for given files in place of its own, as its one set. Sources that read no file (inline, cmudict, generated
 * ones) have pairs: those of a file are tab-separated, or in JSON where tokens have factors. Throws SeqlabError 'spec' where the source reads another number of files.
 */
export function sourceOfFiles(source: SourceOptions, files: readonly string[]): SourceOptions {
  const { type } = source
  const [first = '', second = ''] = files
  const needed = type === 'parallel' ? 2 : 1
  if (files.length !== needed) throw wrongCount(type, files.length)
  const { factors, hasFeatures = false } = sources.build(source)
  if (!readsFiles(type) && factors !== undefined) return objects(first, Object.keys(factors), hasFeatures)
  if (!readsFiles(type)) return { type: 'tsv', train: first, sourceColumn: 1, targetColumn: 2, header: false }
  const kept = Object.entries(source).filter(([option]) => !places.has(option))
  const set =
    type === 'series' ? { file: first } : { train: type === 'parallel' ? { source: first, target: second } : first }
  // What is left out and put in are the source's own options.
  return { ...Object.fromEntries(kept), type, ...set } as SourceOptions
}

/** A file of objects whose keys are the names of what they have. */
function objects(train: string, names: readonly string[], hasFeatures: boolean): SourceOptions {
  const factors = Object.fromEntries(names.map((name) => [name, name]))
  const features = hasFeatures ? { featuresColumn: 'features' } : {}
  return { type: 'jsonl', train, sourceColumn: 'source', targetColumn: 'target', ...features, factors }
}

/** Whether a source has an option that names a file. */
function readsFiles(type: SourceOptions['type']): boolean {
  return ['file', 'files', 'path'].some((option) => option in sources.get(type).options.properties)
}

function wrongCount(type: string, received: number): SeqlabError {
  const each = type === 'parallel' ? 'two files, the sources and the targets' : 'one file'
  return new SeqlabError('spec', `--test: the source of this run (${type}) reads ${each}, and ${received} are named`, {
    hint: type === 'parallel' ? 'Give --test twice: the sources, then the targets.' : 'Give --test once.',
  })
}
