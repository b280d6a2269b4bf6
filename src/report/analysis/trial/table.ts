import { randomStream } from '../../../core/random.js'
import { type OutputKind, outputKind } from '../../../task/reporting.js'
import type { PredictionLine } from '../../../train/types.js'
import type { PredictionsInput } from './input.js'
import { worstFirst } from './samples.js'

/** The predictions of a page's table, as its script gets them. */
export interface PredictionTable {
  readonly kind: OutputKind
  readonly split: 'dev' | 'test'
  /** Of which these are some or all. */
  readonly all: number
  readonly joiners: PredictionsInput['joiners']
  readonly rows: readonly PredictionRow[]
}

export interface PredictionRow
  extends Pick<
    PredictionLine,
    'index' | 'source' | 'features' | 'references' | 'hypothesis' | 'score' | 'alignment' | 'kept'
  > {}

/** Characters of JSON that all rows may take in a page. */
const roomFor = 1_200_000

/** Every prediction of test (of dev, where there is no test) where they fit into a page; else the worst mistakes and a sample by the seed. */
export function predictionTable({ predictions, record, joiners }: PredictionsInput): PredictionTable | undefined {
  const test = predictions.filter(({ split }) => split === 'test')
  const texts = (test.length > 0 ? test : predictions).filter(({ values }) => values === undefined)
  if (texts.length === 0) return undefined
  const kind = outputKind(record.spec.task)
  const rows = chosen(texts, kind, record.seed)
  return { kind, split: test.length > 0 ? 'test' : 'dev', all: texts.length, joiners, rows }
}

function chosen(lines: readonly PredictionLine[], kind: OutputKind, seed: number): PredictionRow[] {
  const sizes = new Map(lines.map((line) => [line, JSON.stringify(rowOf(line)).length]))
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  if (total <= roomFor) return lines.map(rowOf)
  const taken = new Set<PredictionLine>()
  const take = (candidates: readonly PredictionLine[], room: number) => {
    let left = room
    for (const line of candidates) {
      left -= taken.has(line) ? 0 : (sizes.get(line) ?? 0)
      if (left < 0) return
      taken.add(line)
    }
  }
  take(worstFirst(lines, kind), roomFor / 2)
  take(randomStream(seed, 'sampling', 'table').shuffle(lines), roomFor / 2)
  return lines.filter((line) => taken.has(line)).map(rowOf)
}

function rowOf(line: PredictionLine): PredictionRow {
  const { index, source, features, references, hypothesis, score, alignment, kept } = line
  return {
    ...{ index, source, references, hypothesis, score: Number(score.toPrecision(5)) },
    ...(features && { features }),
    ...(alignment && { alignment: alignment.map((row) => row.map((weight) => Number(weight.toFixed(2)))) }),
    ...(alignment && kept && { kept }),
  }
}
