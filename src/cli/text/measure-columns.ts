import { distinctBy } from '../../core/lists.js'
import type { MetricSpec } from '../../metrics/index.js'
import { measureNames } from '../../metrics/measures.js'
import type { MetricResult } from '../../metrics/score.js'

/** Results by metric, and what they are measured by. */
export interface MeasuredResults {
  readonly results: Readonly<Record<string, MetricResult>>
  readonly measured: readonly MetricSpec[]
}

/** What a table has of a metric under some options. */
export interface MeasureColumn {
  /** Display name: with the options where there are results under others. */
  readonly name: string
  readonly metric: string
  /** Undefined where results are not measured so. */
  of(results: MeasuredResults): MetricResult | undefined
}

/** A column for each measure of some results; a metric under other options is another one. */
export function measureColumns(all: readonly MeasuredResults[]): MeasureColumn[] {
  const nameOf = measureNames(
    all.flatMap(({ results, measured }) =>
      measured.filter(({ type }) => results[type] !== undefined).map((spec) => ({ name: spec.type, spec })),
    ),
  )
  const nameIn = (metric: string, { measured }: MeasuredResults) => {
    const spec = measured.find(({ type }) => type === metric)
    return spec === undefined ? metric : nameOf(metric, spec)
  }
  const columns = all.flatMap((one) =>
    Object.keys(one.results).map((metric) => ({ metric, name: nameIn(metric, one) })),
  )
  return distinctBy(columns, ({ name }) => name).map(({ metric, name }) => ({
    ...{ metric, name },
    of: (one) => (nameIn(metric, one) === name ? one.results[metric] : undefined),
  }))
}
