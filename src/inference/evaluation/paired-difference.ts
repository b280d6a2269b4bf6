import { isNumber, type Undefined, undefinedBecause } from '../../core/measured.js'
import { corpusValue, type NamedMetric } from '../../metrics/score.js'
import { isConstant, percentileInterval, statisticsTable, totals } from '../../stats/bootstrap.js'
import type { Interval } from '../../stats/interval.js'
import { resampledTogether } from '../../stats/seed-averages.js'
import type { PredictionLine } from '../../train/types.js'

/** How much one trained model's metric is above another's on the same examples. */
export type PairedDifference =
  | {
      /** The one's value minus the other's. */
      readonly value: number
      readonly interval: Interval | Undefined
    }
  | Undefined

const settings = { seed: 1, resamples: 1000 }

/**
 * Difference of a metric between two trained models on the same examples, with the 95 % percentile interval of a paired
 * bootstrap: every resample draws the same examples for both. It says nothing of other trainings of these models.
 * Source: Koehn 2004, Statistical Significance Tests for Machine Translation Evaluation (section 3).
 */
export function pairedDifference(
  metric: NamedMetric,
  ours: readonly PredictionLine[],
  theirs: readonly PredictionLine[],
): PairedDifference {
  const tables = [ours, theirs].map((lines) =>
    statisticsTable(lines.map(({ statistics }) => statistics[metric.name] ?? [])),
  )
  const measure = (sums: readonly number[]) => corpusValue(metric, sums)
  const [left = undefinedBecause('there are no examples'), right = left] = tables.map((table) => measure(totals(table)))
  if (!isNumber(left)) return left
  if (!isNumber(right)) return undefinedBecause(`of the baseline: ${right.reason}`)
  const [a, b] = resampledTogether([tables], measure, settings)[0] ?? []
  const differences = (a ?? new Float64Array()).map((value, at) => value - (b?.[at] ?? Number.NaN))
  const sorted = differences.filter(Number.isFinite).sort()
  const resampled = { sorted, undefinedResamples: differences.length - sorted.length, reason: 'a model has no value' }
  const interval = isConstant(resampled)
    ? undefinedBecause('all resamples of the examples give the same difference')
    : percentileInterval(resampled, 0.95)
  return { value: left - right, interval }
}
