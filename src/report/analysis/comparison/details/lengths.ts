import { isNumber, isUndefined, undefinedBecause } from '../../../../core/measured.js'
import { type MetricResult, metricResult, sameValue } from '../../../../metrics/score.js'
import {
  type BootstrapOptions,
  isConstant,
  percentileInterval,
  type StatisticsTable,
  statisticsTable,
  totals,
} from '../../../../stats/bootstrap.js'
import { mean } from '../../../../stats/difference.js'
import { resampledSeedAverages } from '../../../../stats/seed-averages.js'
import type { MetricView } from '../../metrics.js'
import { binName, type LengthBin, lengthBins } from '../../trial/lengths.js'
import type { LengthCurve } from '../types.js'
import type { VariantTrials } from '../variants.js'
import { round } from './round.js'

/** A metric against source length for every variant: seed averages with 95 % percentile intervals over the examples of each bin. */
export function lengthCurve(
  variants: readonly VariantTrials[],
  metric: MetricView,
  lengths: readonly number[],
  settings: { readonly seed: number; readonly resamples: number },
): LengthCurve {
  const bins = lengthBins(lengths)
  const rows = bins.map((bin) => lengths.flatMap((length, at) => (inside(length, bin) ? [at] : [])))
  return {
    metric: metric.name,
    bins: bins.map(binName),
    examples: rows.map(({ length }) => length),
    variants: variants.map(({ id, completed }) => {
      const tables = completed.flatMap(({ statistics }) => statistics[metric.name] ?? [])
      return { variant: id, values: rows.map((picked) => binValue(tables, picked, metric, settings)) }
    }),
  }
}

function inside(length: number, { shortest, longest }: LengthBin): boolean {
  return length >= shortest && length <= longest
}

function binValue(
  tables: readonly StatisticsTable[],
  picked: readonly number[],
  metric: MetricView,
  settings: BootstrapOptions,
): MetricResult {
  if (tables.length === 0) return undefinedBecause('it is not measured')
  if (picked.length === 0) return undefinedBecause('there are no examples')
  const parts = tables.map((table) => pick(table, picked))
  const [only] = parts
  return rounded(
    only !== undefined && parts.length === 1
      ? metricResult(metric, only, settings)
      : averageOf(parts, metric, settings),
  )
}

/** The average over seeds of trained models as they are: the interval is over examples alone. */
function averageOf(parts: readonly StatisticsTable[], metric: MetricView, settings: BootstrapOptions): MetricResult {
  const values = parts.map((part) => metric.value(totals(part)))
  const missing = values.find((value) => !isNumber(value))
  if (missing !== undefined && !isNumber(missing)) return missing
  const [averages = new Float64Array()] = resampledSeedAverages([parts], metric.value, settings)
  const sorted = averages.filter(Number.isFinite).sort()
  const resampled = { sorted, undefinedResamples: averages.length - sorted.length }
  const interval = percentileInterval(resampled, 0.95)
  const isSame = !isUndefined(interval) && isConstant(resampled)
  return { value: mean(values.filter(isNumber)), interval: isSame ? undefinedBecause(sameValue) : interval }
}

function rounded(result: MetricResult): MetricResult {
  if (isUndefined(result)) return result
  const { value, interval } = result
  const ends = isUndefined(interval) ? {} : { low: round(interval.low), high: round(interval.high) }
  return { ...result, value: round(value), interval: { ...interval, ...ends } }
}

function pick({ data, width }: StatisticsTable, examples: readonly number[]): StatisticsTable {
  return statisticsTable(examples.map((example) => [...data.subarray(example * width, (example + 1) * width)]))
}
