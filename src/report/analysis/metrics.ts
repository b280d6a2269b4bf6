import { type MetricSpec, metrics } from '../../metrics/index.js'
import type { Metric } from '../../metrics/types.js'

/** What a report needs to know of a metric, its options filled in. */
export interface MetricView extends Pick<Metric, 'name' | 'summary' | 'range' | 'better' | 'unit'> {
  /** The corpus value of summed statistics. */
  value(sums: readonly number[]): number
}

/** Finds a metric by its name in a record; undefined where this version has no such metric. */
export type MetricLookup = (name: string) => MetricView | undefined

/** The metrics of a spec under their options. */
export function metricLookup(specs: readonly MetricSpec[]): MetricLookup {
  return (name) => {
    const metric = Object.values<Metric>(metrics.parts).find((one) => one.name === name)
    const options = specs.find(({ type }) => type === name)
    if (metric === undefined) return undefined
    const { summary, range, better, unit } = metric
    return { name, summary, range, better, unit, value: (sums) => metric.value(sums, options) }
  }
}

/** A metric's display name: short names in capitals (PER, BLEU), longer ones unchanged. */
export function metricTitle(name: string): string {
  return /^[a-z]{2,4}$/.test(name) ? name.toUpperCase() : name
}
