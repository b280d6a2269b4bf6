import { undefinedBecause } from '../../core/measured.js'
import { type MetricSpec, metrics } from '../../metrics/index.js'
import { corpusValue, type SummingMetric } from '../../metrics/score.js'
import type { MetricPart } from '../../metrics/types.js'

/** What a report needs to know of a metric, its options filled in. */
export interface MetricView
  extends Pick<MetricPart, 'name' | 'summary' | 'range' | 'better' | 'unit' | 'reads'>,
    SummingMetric {}

/** Finds a metric by its name in a record; undefined where this version has no such metric. */
export type MetricLookup = (name: string) => MetricView | undefined

const unknownOptions: SummingMetric = { value: () => undefinedBecause('the options of the metric are not known') }

/** The metrics of one spec under their options. */
export function metricLookup(specs: readonly MetricSpec[]): MetricLookup {
  return (name) =>
    viewOf(
      name,
      name,
      specs.find(({ type }) => type === name),
    )
}

/** A metric under its options, by the name that its results have; undefined where this version has no such metric. */
export function metricView(name: string, spec: MetricSpec): MetricView | undefined {
  return viewOf(name, spec.type, spec)
}

function viewOf(name: string, type: string, spec: MetricSpec | undefined): MetricView | undefined {
  const metric = metrics.find(type)
  if (metric === undefined) return undefined
  const { summary, range, better, unit, reads } = metric
  const built = spec === undefined ? unknownOptions : metrics.build(spec)
  return {
    name,
    summary,
    range,
    better,
    unit,
    ...(reads && { reads }),
    ...built,
    value: (sums) => corpusValue(built, sums),
  }
}

/** A metric's display name, options that tell it from another measure behind it: short names in capitals (PER, BLEU), longer ones unchanged. */
export function metricTitle(name: string): string {
  return name.replace(/^[a-z]{2,4}(?=$| \([^)]+: )/, (short) => short.toUpperCase())
}
