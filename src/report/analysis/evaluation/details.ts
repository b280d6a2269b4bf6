import type { Merged } from '../../../data/types.js'
import type { MetricResult } from '../../../metrics/score.js'
import type { TrainingFacts } from '../../../metrics/types.js'
import type { ModelOptions } from '../../../model/options.js'
import type { EvaluationRecord } from '../../../store/index.js'
import { outputKind } from '../../../task/reporting.js'
import type { PredictionLine } from '../../../train/types.js'
import { editsOf } from '../edits.js'
import type { Joiners } from '../joiners.js'
import { metricLookup } from '../metrics.js'
import { binName, byLength, lengthBins } from '../trial/lengths.js'
import { type ClassTable, entityTable, labelPairs, labelTable, type NoTable } from './classes.js'

/** An evaluation on data of its own, with everything that its page is made from. */
export interface EvaluationInput {
  readonly record: EvaluationRecord
  readonly predictions: readonly PredictionLine[]
  readonly task: { readonly type: string }
  readonly model: Pick<ModelOptions, 'features'>
  readonly joiners: Joiners
  readonly training: TrainingFacts
  /** Labels that training has, where outputs are labels. */
  readonly labels?: readonly string[]
  readonly counts: {
    readonly read: number
    readonly dropped: Readonly<Record<string, number>>
    readonly cut: Readonly<Record<string, number>>
    readonly merged?: Readonly<Record<string, Merged>>
    readonly unknownTokens: Readonly<Record<string, number>>
  }
  readonly baseline?: ComparedBaseline
}

/** Another trained model on the same examples. */
export interface ComparedBaseline {
  readonly run: string
  readonly label: string
  readonly trialId: string
  /** By metric: the evaluated model's value minus the baseline's. */
  readonly differences: Readonly<
    Record<string, { readonly value: number; readonly interval: IntervalOrReason } | { value: null; reason: string }>
  >
}

type IntervalOrReason = Extract<MetricResult, { interval: unknown }>['interval']

/** details.json: what of an evaluation is not one number a metric. */
export interface EvaluationDetails {
  readonly schemaVersion: 1
  readonly trialId: string
  readonly name: string
  readonly id: string
  readonly label: string
  readonly testSet: EvaluationRecord['testSet']
  readonly counts: EvaluationInput['counts']
  readonly results: Readonly<Record<string, MetricResult>>
  readonly baseline?: ComparedBaseline
  /** By label, where outputs are labels. */
  readonly labels?: ClassTable
  /** By type of entity, where tags mark spans. */
  readonly entities?: ClassTable | NoTable
  /** How often each label or token was predicted for each, the most frequent first; '' is none (an insertion, a deletion). */
  readonly confusion: readonly Confused[]
  /** Each metric by source length. */
  readonly lengths: Readonly<Record<string, readonly LengthRow[]>>
}

export interface Confused {
  readonly expected: string
  readonly predicted: string
  readonly count: number
}

export interface LengthRow {
  /** Source tokens: `3`, `4–7`. */
  readonly length: string
  readonly examples: number
  readonly result: MetricResult
}

const seed = 1

/** By class, entity, confusion and length. Of labels the confusion has what is right too, of sequences errors alone. */
export function evaluationDetails(input: EvaluationInput): EvaluationDetails {
  const { record, predictions, task, training, counts, baseline } = input
  const { trialId, name, id, label, testSet, results, metrics } = record
  const output = outputKind(task)
  const labels = labelTable(predictions, output, input.labels)
  const entities = entityTable(predictions, output, metrics, training)
  return {
    schemaVersion: 1,
    ...{ trialId, name, id, label, testSet, counts, results: results.test },
    ...(baseline && { baseline }),
    ...(labels && { labels }),
    ...(entities && { entities }),
    confusion: confusionOf(input, labels !== undefined),
    lengths: output === 'numbers' ? {} : lengthsOf(input),
  }
}

/** How often each was predicted for each: with `isLabels` what is right too, else errors alone. */
export function confusionOf(
  { predictions, task }: Pick<EvaluationInput, 'predictions' | 'task'>,
  isLabels: boolean,
): Confused[] {
  const output = outputKind(task)
  if (output === 'numbers') return []
  const pairs = predictions.flatMap((line) =>
    isLabels
      ? labelPairs(line)
      : editsOf(output, line).flatMap(({ kind, reference, predicted }) =>
          kind === 'match' ? [] : [[reference, predicted] as const],
        ),
  )
  const counts = new Map<string, Confused>()
  for (const [expected = '', predicted = ''] of pairs) {
    const key = JSON.stringify([expected, predicted])
    counts.set(key, { expected, predicted, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  const text = ({ expected, predicted }: Confused) => `${expected}\t${predicted}`
  return [...counts.values()].sort((a, b) => b.count - a.count || (text(a) < text(b) ? -1 : 1))
}

function lengthsOf({ predictions, record: { metrics } }: EvaluationInput): EvaluationDetails['lengths'] {
  const bins = lengthBins(predictions.map(({ source }) => source.length))
  const lookup = metricLookup(metrics)
  const views = metrics.flatMap(({ type }) => lookup(type) ?? [])
  return Object.fromEntries(
    views.map((view) => {
      const values = byLength(predictions, bins, view, seed)
      const rows = bins.flatMap((bin, at): LengthRow[] => {
        const value = values[at]
        return value === undefined ? [] : [{ length: binName(bin), ...value }]
      })
      return [view.name, rows]
    }),
  )
}
