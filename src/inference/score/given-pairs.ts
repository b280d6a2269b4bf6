import { SeqlabError } from '../../core/errors.js'
import { isJsonObject, parseJson } from '../../core/json.js'
import { dataError } from '../../data/data-error.js'
import { sourceOfFiles } from '../../data/given-files.js'
import { sources } from '../../data/sources/index.js'
import type { RawExample } from '../../data/sources/types.js'
import type { Sides } from '../../data/types.js'
import type { Spec } from '../../spec/types.js'
import type { InputLine } from '../lines/read-lines.js'
import type { PairFormat } from './pair-formats.js'

/** A source with the output that is given for it, or why there is none; numbered from 1, by line where lines are read. */
export type GivenPair = { readonly number: number } & (RawExample | { readonly problem: Error })

/** How the pairs of a task are written where nothing is said: a language model's are lines, which are their own output. */
export function pairFormatOf({ target }: Sides): PairFormat {
  return target === 'none' ? 'text' : 'tsv'
}

/** The pairs in the lines of a stream, as they come. */
export async function* pairsInLines(
  lines: AsyncIterable<InputLine>,
  format: Exclude<PairFormat, 'source'>,
  { data }: Pick<Spec, 'data'>,
  file: string,
): AsyncGenerator<GivenPair> {
  for await (const line of lines) {
    const { number } = line
    if ('problem' in line) {
      yield { number, problem: line.problem }
      continue
    }
    const read = pairIn(line, format, data.source, file)
    yield read instanceof Error ? { number, problem: read } : { number, ...read, where: `${file}:${number}` }
  }
}

type Pair = Pick<RawExample, 'source' | 'target'>

function pairIn(
  { number, text }: { readonly number: number; readonly text: string },
  format: Exclude<PairFormat, 'source'>,
  source: Spec['data']['source'],
  file: string,
): Pair | Error {
  const place = { file, line: number }
  if (format === 'text') return { source: text, target: '' }
  if (format === 'jsonl')
    return (
      pairOfObject(parseJson(text)) ?? dataError(place, notAnObject, { received: JSON.stringify(text.slice(0, 60)) })
    )
  const columns = source.type === 'tsv' ? source : { sourceColumn: 1, targetColumn: 2 }
  const cells = text.split('\t')
  const [left, right] = [cells[columns.sourceColumn - 1], cells[columns.targetColumn - 1]]
  if (left !== undefined && right !== undefined) return { source: left, target: right }
  const expected = `at least ${Math.max(columns.sourceColumn, columns.targetColumn)} (source, tab, target)`
  return dataError(place, 'the line has too few columns', { expected, received: `${cells.length}` })
}

const notAnObject = 'the line is not a JSON object with the texts `source` and `target`'

function pairOfObject(parsed: unknown): Pair | undefined {
  if (!isJsonObject(parsed)) return undefined
  const { source, target = '' } = parsed
  return typeof source === 'string' && typeof target === 'string' ? { source, target } : undefined
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
