import { type MetricSpec, metrics } from '../../metrics/index.js'
import type { MetricPart } from '../../metrics/types.js'

/** What a report needs to know of a metric, its options filled in. */
export interface MetricView extends Pick<MetricPart, 'name' | 'summary' | 'range' | 'better' | 'unit'> {
  /** The corpus value of summed statistics. */
  value(sums: readonly number[]): number
}

/** Finds a metric by its name in a record; undefined where this version has no such metric. */
export type MetricLookup = (name: string) => MetricView | undefined

/** The metrics of a spec under their options. */
export function metricLookup(specs: readonly MetricSpec[]): MetricLookup {
  return (name) => {
    const metric = metrics.find(name)
    const spec = specs.find(({ type }) => type === name)
    if (metric === undefined) return undefined
    const { summary, range, better, unit } = metric
    const value = spec === undefined ? () => Number.NaN : metrics.build(spec).value
    return { name, summary, range, better, unit, value }
  }
}

/** A metric's display name: short names in capitals (PER, BLEU), longer ones unchanged. */
export function metricTitle(name: string): string {
  return /^[a-z]{2,4}$/.test(name) ? name.toUpperCase() : name
}
