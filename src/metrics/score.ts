import { type MetricSpec, metricOf } from './index.js'
import type { ScoredExample } from './types.js'

/** An example's statistics under each metric, by its name. */
export function scoreExample(specs: readonly MetricSpec[], example: ScoredExample): Record<string, readonly number[]> {
  return Object.fromEntries(specs.map((spec) => [spec.type, metricOf(spec.type).statistics(example, spec)]))
}

/** Sums over examples, number by number; no rows at all give no sums. */
export function addStatistics(rows: readonly (readonly number[])[]): number[] {
  const sums = Array.from({ length: rows[0]?.length ?? 0 }, () => 0)
  for (const row of rows) {
    row.forEach((statistic, at) => {
      sums[at] = (sums[at] ?? 0) + statistic
    })
  }
  return sums
}

/** A metric's value over a corpus from its summed statistics. NaN where there is nothing to score. */
export function corpusValue(spec: MetricSpec, sums: readonly number[]): number {
  return sums.length === 0 ? Number.NaN : metricOf(spec.type).value(sums, spec)
}
