import { isNumber, type Measured, quotient } from '../../../core/measured.js'
import { detectScheme, prefixesOf } from '../../../core/tag-schemes.js'
import type { MetricSpec } from '../../../metrics/index.js'
import { slotFinder } from '../../../metrics/slot-f1.js'
import type { TrainingFacts } from '../../../metrics/types.js'
import type { OutputKind } from '../../../task/reporting.js'
import type { PredictionLine } from '../../../train/types.js'

/** How often one thing is expected and predicted, and how well the two agree. */
export interface ClassRow {
  readonly name: string
  readonly expected: number
  readonly predicted: number
  readonly correct: number
  /** correct / predicted. */
  readonly precision: Measured
  /** correct / expected. */
  readonly recall: Measured
  /** 2 correct / (expected + predicted). */
  readonly f1: Measured
}

/** Labels or entities, the most frequent first, and their averages. */
export interface ClassTable {
  readonly rows: readonly ClassRow[]
  /** Over all of them together. */
  readonly micro: ClassRow
  /**
   * Means over the rows, as the metrics precision, recall and macro-f1 take them: 0 where a row has no value, as scikit-learn
   * does (zero_division=0); labels that training lacks are one row together, where scikit-learn has a row for each.
   */
  readonly macro: Pick<ClassRow, 'precision' | 'recall' | 'f1'>
}

type Lines = readonly Pick<PredictionLine, 'references' | 'hypothesis'>[]

/** By label, for tasks whose outputs are labels; undefined for others. `known`: labels that training has; absent: all. */
export function labelTable(lines: Lines, output: OutputKind, known?: readonly string[]): ClassTable | undefined {
  if (output !== 'label' && output !== 'labels') return undefined
  const counts = new Map<string, Counts>()
  for (const [expected, predicted] of lines.flatMap(labelPairs)) {
    if (expected !== undefined) add(counts, expected, 'expected')
    if (predicted !== undefined) add(counts, predicted, 'predicted')
    if (expected !== undefined && expected === predicted) add(counts, expected, 'correct')
  }
  return tableOf(counts, known === undefined ? undefined : new Set(known))
}

/** Expected and predicted label place by place; of several references the first, unless another one has the predicted label. */
export function labelPairs({
  references,
  hypothesis,
}: Lines[number]): (readonly [string | undefined, string | undefined])[] {
  const [first = []] = references
  return Array.from({ length: Math.max(first.length, hypothesis.length) }, (_, at) => {
    const predicted = hypothesis[at]
    const isAccepted = predicted !== undefined && references.some((reference) => reference[at] === predicted)
    return [isAccepted ? predicted : first[at], predicted] as const
  })
}

/** Why there is no table of something that there could be one of, as a sentence. */
export interface NoTable {
  readonly without: string
}

/**
 * By type of entity (a span of tags, as slot-f1 finds it under the evaluation's options); undefined for other tasks, and
 * where no metric says what spans are and the training tags mark none. Where they mark some and follow no scheme: why there is none.
 */
export function entityTable(
  lines: Lines,
  output: OutputKind,
  metrics: readonly MetricSpec[],
  training: TrainingFacts,
): ClassTable | NoTable | undefined {
  const options = output === 'labels' ? slotOptions(metrics, training) : undefined
  if (options === undefined || 'without' in options) return options
  const slotsOf = slotFinder(options, training)
  const counts = new Map<string, Counts>()
  for (const { references, hypothesis } of lines) {
    const predicted = slotsOf(hypothesis)
    const wanted = nearest(references.map(slotsOf), predicted)
    for (const slot of wanted) add(counts, typeOf(slot), 'expected')
    for (const slot of predicted) add(counts, typeOf(slot), 'predicted')
    for (const slot of predicted) if (wanted.has(slot)) add(counts, typeOf(slot), 'correct')
  }
  return tableOf(counts)
}

type SlotOptions = Parameters<typeof slotFinder>[0]

const outside = 'O'

function slotOptions(metrics: readonly MetricSpec[], { tags }: TrainingFacts): SlotOptions | NoTable | undefined {
  const chosen = metrics.find((metric) => metric.type === 'slot-f1')
  if (chosen !== undefined) return chosen
  if (tags === undefined || prefixesOf(tags, outside).length === 0) return undefined
  const detected = detectScheme(tags, outside)
  if ('unfit' in detected)
    return {
      without: `There is no table of entities: ${detected.unfit}. The metric slot-f1 with a \`scheme\` counts them.`,
    }
  return { scheme: detected.scheme, count: 'conlleval', outside }
}

/** The spans of the reference that shares most of them with the prediction; the first of equals. */
function nearest(all: readonly ReadonlySet<string>[], predicted: ReadonlySet<string>): ReadonlySet<string> {
  const shared = (wanted: ReadonlySet<string>) => [...predicted].filter((slot) => wanted.has(slot)).length
  return all.reduce((best, wanted) => (shared(wanted) > shared(best) ? wanted : best), all[0] ?? new Set<string>())
}

/** `origin 3 4` -> `origin`. */
function typeOf(slot: string): string {
  return slot.replace(/ \d+ \d+$/, '')
}

type Counts = Record<'expected' | 'predicted' | 'correct', number>

function add(counts: Map<string, Counts>, name: string, kind: keyof Counts): void {
  const row = counts.get(name) ?? { expected: 0, predicted: 0, correct: 0 }
  row[kind] += 1
  counts.set(name, row)
}

function tableOf(counts: ReadonlyMap<string, Counts>, known?: ReadonlySet<string>): ClassTable {
  const rows = [...counts]
    .map(([name, row]) => rowOf(name, row))
    .sort((a, b) => b.expected - a.expected || b.predicted - a.predicted || (a.name < b.name ? -1 : 1))
  const unseen = known === undefined ? [] : rows.filter(({ name }) => !known.has(name))
  const seen = rows.filter((row) => !unseen.includes(row))
  const averaged = unseen.length === 0 ? rows : [...seen, together('unseen', unseen)]
  return {
    rows,
    micro: together('micro', rows),
    macro: {
      precision: meanOf(averaged.map(({ precision }) => precision)),
      recall: meanOf(averaged.map(({ recall }) => recall)),
      f1: meanOf(averaged.map(({ f1 }) => f1)),
    },
  }
}

function together(name: string, rows: readonly Counts[]): ClassRow {
  const total = (kind: keyof Counts) => rows.reduce((sum, row) => sum + row[kind], 0)
  return rowOf(name, { expected: total('expected'), predicted: total('predicted'), correct: total('correct') })
}

function rowOf(name: string, { expected, predicted, correct }: Counts): ClassRow {
  return {
    ...{ name, expected, predicted, correct },
    precision: quotient(correct, predicted, 'it is never predicted'),
    recall: quotient(correct, expected, 'it is in no reference'),
    f1: quotient(2 * correct, expected + predicted, 'it is neither expected nor predicted'),
  }
}

function meanOf(values: readonly Measured[]): Measured {
  const sum = values.reduce<number>((total, value) => total + (isNumber(value) ? value : 0), 0)
  return quotient(sum, values.length, 'there is no row')
}
