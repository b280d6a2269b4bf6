import { SeqlabError } from '../../core/errors.js'
import { sourceOfFiles } from '../../data/given-files.js'
import { sources } from '../../data/sources/index.js'
import type { RawExample } from '../../data/sources/types.js'
import type { Sides } from '../../data/types.js'
import type { Spec } from '../../spec/types.js'
import { csvLines } from '../lines/csv-lines.js'
import type { InputLine } from '../lines/read-lines.js'
import { factorsOf, separatorOf, sideReader, type TextLine } from '../lines/sides.js'
import type { PairFormat } from './pair-formats.js'

/** A source with the output that is given for it, or why there is none; numbered from 1, by line where lines are read. `stops`: as of lines. */
export type GivenPair = { readonly number: number } & (RawExample | { readonly problem: Error; readonly stops?: true })

/**
 * How pairs are written where nothing is said: as the run's own source has them where that is a table or JSON, else in tsv; a
 * language model's are lines, which are their own output.
 */
export function pairFormatOf({ target }: Sides, { data }: Pick<Spec, 'data'>): PairFormat {
  if (target === 'none') return 'text'
  const { type } = data.source
  if (type === 'csv' || type === 'jsonl') return type
  if (data.factors === undefined || type === 'tsv') return 'tsv'
  return type === 'conllu' || type === 'tagged' ? 'source' : 'jsonl'
}

/** The pairs in the lines of a stream, as they come. */
export async function* pairsInLines(
  lines: AsyncIterable<InputLine>,
  format: Exclude<PairFormat, 'source'>,
  spec: Pick<Spec, 'data' | 'task'>,
  file: string,
): AsyncGenerator<GivenPair> {
  const read = pairReader(format, spec, file)
  const hint = hintOf(spec.task.type)
  for await (const line of format === 'csv' ? csvLines(lines, separatorOf(spec), file) : lines) {
    const { number } = line
    if ('problem' in line) {
      yield line
      continue
    }
    const pair = readPair(read, line, hint)
    if (pair instanceof Error) yield { number, problem: pair }
    else if (pair !== undefined) yield { number, ...pair, where: `${file}:${number}` }
  }
}

type Pair = Pick<RawExample, 'source' | 'target' | 'features' | 'factors'>

/** Undefined where the line is a header. */
type PairReader = (line: TextLine) => Pair | undefined

/** What is scored, where it is not the text itself. */
function hintOf(task: string): string {
  if (task === 'language-model') return 'A language model scores texts: a line has one.'
  const given = { classify: 'the label', tag: 'the tags' }[task] ?? 'the output'
  return `A model of the task ${task} scores a source and ${given} given for it: a line has both (--input tsv, csv, jsonl).`
}

function readPair(read: PairReader, line: TextLine, hint: string): Pair | Error | undefined {
  try {
    return read(line)
  } catch (error) {
    if (!(error instanceof SeqlabError && error.code === 'data')) throw error
    const { message, problems, hint: own = hint } = error
    return new SeqlabError('data', message, { problems, hint: own })
  }
}

/** A language model's object has no target. */
function pairReader(
  format: Exclude<PairFormat, 'source'>,
  spec: Pick<Spec, 'data' | 'task'>,
  file: string,
): PairReader {
  if (format === 'text' && spec.task.type === 'language-model') return ({ text }) => ({ source: text, target: '' })
  if (format === 'text') {
    const { type } = spec.task
    throw new SeqlabError('spec', `A line of text has no place for what a model of the task ${type} scores`, {
      hint: hintOf(type),
    })
  }
  const { features, source, factors } = spec.data
  const isText = format === 'jsonl' && source.type === 'text'
  const read = sideReader(format, spec, file, ['source', 'target'])
  return (line) => {
    const sides = read(line)
    if (sides === undefined) return undefined
    const pair = { source: sides('source'), target: isText ? '' : sides('target') }
    return { ...pair, ...(features && { features: sides('features') }), ...factorsOf(sides, factors) }
  }
}

/** The pairs of files as a run's own source reads them. Throws SeqlabError 'spec' or 'data' where it cannot. */
export async function pairsOfSource(files: readonly string[], { data }: Pick<Spec, 'data'>): Promise<GivenPair[]> {
  const source = sources.build(sourceOfFiles(data.source, files))
  if ('windows' in source) throw new SeqlabError('spec', 'A series has no pairs')
  const { train } = await source.read({ baseDir: '' })
  return [...train]
    .filter(({ leftOut }) => leftOut === undefined)
    .map((example, at) => ({ number: at + 1, ...example }))
}
