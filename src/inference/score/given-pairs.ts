import { SeqlabError } from '../../core/errors.js'
import { isJsonObject, parseJson } from '../../core/json.js'
import { dataError } from '../../data/data-error.js'
import { sourceOfFiles } from '../../data/given-files.js'
import { sources } from '../../data/sources/index.js'
import type { RawExample } from '../../data/sources/types.js'
import type { Sides } from '../../data/types.js'
import type { Spec } from '../../spec/types.js'
import type { InputLine } from '../lines/read-lines.js'
import { featuresColumnOf, isTexts } from '../lines/sources.js'
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
    const read = pairIn(line, format, data, file)
    yield read instanceof Error ? { number, problem: read } : { number, ...read, where: `${file}:${number}` }
  }
}

type Pair = Pick<RawExample, 'source' | 'target' | 'features'>

function pairIn(
  { number, text }: { readonly number: number; readonly text: string },
  format: Exclude<PairFormat, 'source'>,
  data: Spec['data'],
  file: string,
): Pair | Error {
  const { source } = data
  const place = { file, line: number }
  if (format === 'text') return { source: text, target: '' }
  if (format === 'jsonl')
    return (
      pairOfObject(parseJson(text), data.features !== undefined) ??
      dataError(place, notAnObject(data), { received: JSON.stringify(text.slice(0, 60)) })
    )
  const columns = source.type === 'tsv' ? source : { sourceColumn: 1, targetColumn: 2 }
  const cells = text.split('\t')
  const featuresColumn = featuresColumnOf(data)
  const [left, right] = [cells[columns.sourceColumn - 1], cells[columns.targetColumn - 1]]
  const features = featuresColumn === undefined ? undefined : cells[featuresColumn - 1]
  if (left !== undefined && right !== undefined && (featuresColumn === undefined || features !== undefined))
    return { source: left, target: right, ...(features !== undefined && { features }) }
  const most = Math.max(columns.sourceColumn, columns.targetColumn, featuresColumn ?? 1)
  const expected = `at least ${most} (source, tab, target${featuresColumn === undefined ? '' : '; features'})`
  return dataError(place, 'the line has too few columns', { expected, received: `${cells.length}` })
}

function notAnObject({ features }: Spec['data']): string {
  const more = features === undefined ? '' : ', and `features`, a text or a list of texts'
  return `the line is not a JSON object with the texts \`source\` and \`target\`${more}`
}

function pairOfObject(parsed: unknown, hasFeatures: boolean): Pair | undefined {
  if (!isJsonObject(parsed)) return undefined
  const { source, target = '', features } = parsed
  if (typeof source !== 'string' || typeof target !== 'string') return undefined
  if (!hasFeatures) return { source, target }
  return typeof features === 'string' || isTexts(features) ? { source, target, features } : undefined
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
