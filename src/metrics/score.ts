import { bootstrapInterval, type Interval } from '../stats/bootstrap.js'
import { type MetricSpec, metrics } from './index.js'
import type { Metric, MetricPart, ScoredExample, TrainingFacts } from './types.js'

/** An example's statistics under each metric, by its name. */
export type StatisticsByMetric = Readonly<Record<string, readonly number[]>>

/** A built metric with the name that its values are recorded under. */
export interface NamedMetric extends Metric {
  readonly name: string
}

/** The metrics of a spec, their options bound; some depend on what training tags are like. */
export function buildMetrics(specs: readonly MetricSpec[], training?: TrainingFacts): NamedMetric[] {
  return specs.map((spec) => ({ name: spec.type, ...metrics.build(spec, training) }))
}

/** What metrics left to the training data to decide, and what came out: a sentence each. */
export function outcomesOf(specs: readonly MetricSpec[], training: TrainingFacts): string[] {
  return specs.flatMap((spec) => {
    const part: MetricPart = metrics.get(spec.type)
    const outcome = part.outcome?.(spec, training)
    return outcome === undefined ? [] : [`${spec.type}: ${outcome}`]
  })
}

export function scoreExample(built: readonly NamedMetric[], example: ScoredExample): StatisticsByMetric {
  return Object.fromEntries(built.map(({ name, statistics }) => [name, statistics(example)]))
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
export function corpusValue({ value }: Metric, sums: readonly number[]): number {
  return sums.length === 0 ? Number.NaN : value(sums)
}

/** Each metric's value over a corpus of examples. */
export function corpusValues(
  built: readonly NamedMetric[],
  examples: readonly StatisticsByMetric[],
): Record<string, number> {
  return Object.fromEntries(
    built.map((metric) => [metric.name, corpusValue(metric, addStatistics(statisticsOf(examples, metric)))]),
  )
}

/** Each metric's value with its 95 % interval by bootstrap over examples; nothing without examples. */
export function corpusIntervals(
  built: readonly NamedMetric[],
  examples: readonly StatisticsByMetric[],
): Record<string, Interval> {
  if (examples.length === 0) return {}
  const options = { seed: 1, resamples: 1000, level: 0.95 }
  return Object.fromEntries(
    built.map((metric) => {
      const value = (sums: readonly number[]) => corpusValue(metric, sums)
      return [metric.name, bootstrapInterval(statisticsOf(examples, metric), value, options)]
    }),
  )
}

function statisticsOf(examples: readonly StatisticsByMetric[], { name }: NamedMetric): (readonly number[])[] {
  return examples.map((statistics) => statistics[name] ?? [])
}
