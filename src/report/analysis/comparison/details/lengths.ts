import { type StatisticsTable, statisticsTable, totals } from '../../../../stats/bootstrap.js'
import { mean } from '../../../../stats/difference.js'
import { quantile } from '../../../../stats/quantile.js'
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
  settings: { readonly seed: number; readonly resamples: number },
): LengthCurve['variants'][number]['values'][number] {
  if (picked.length === 0 || tables.length === 0) return null
  const parts = tables.map((table) => pick(table, picked))
  const [averages] = resampledSeedAverages([parts], metric.value, settings)
  const sorted = (averages ?? new Float64Array()).toSorted()
  const value = mean(parts.map((part) => metric.value(totals(part))))
  const ends = [quantile(sorted, 0.025), quantile(sorted, 0.975)]
  const [low = Number.NaN, high = Number.NaN] = ends
  return [value, low, high].every(Number.isFinite) ? { value: round(value), low: round(low), high: round(high) } : null
}

function pick({ data, width }: StatisticsTable, examples: readonly number[]): StatisticsTable {
  return statisticsTable(examples.map((example) => [...data.subarray(example * width, (example + 1) * width)]))
}
