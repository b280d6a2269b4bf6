import { isNumber, isUndefined, type Measured, type Undefined, undefinedBecause } from '../core/measured.js'
import {
  type BootstrapOptions,
  isConstant,
  percentileInterval,
  resampledValues,
  type StatisticsTable,
  statisticsOfExamples,
  statisticsTable,
  totals,
} from '../stats/bootstrap.js'
import { clopperPearson } from '../stats/clopper-pearson.js'
import type { Interval } from '../stats/interval.js'
import { type MetricSpec, metrics } from './index.js'
import type { Metric, MetricPart, ScoredExample, TrainingFacts } from './types.js'

/** An example's statistics under each metric, by its name. */
export type StatisticsByMetric = Readonly<Record<string, readonly number[]>>

/** A built metric with the name that its values are recorded under. */
export interface NamedMetric extends Metric, Pick<MetricPart, 'reads'> {
  readonly name: string
}

/** A metric over a split: its value with its 95 % interval, either of which may be undefined, with the reason. */
export type MetricResult = MetricEstimate | Undefined

export interface MetricEstimate {
  readonly value: number
  readonly interval: Interval | Undefined
  /** What the value leaves out, in words. */
  readonly note?: string
  /** What the value is made of, by name. */
  readonly counts?: Readonly<Record<string, number>>
  /** How it is computed, where tools differ. */
  readonly signature?: string
}

/** The metrics of a spec, their options bound; some depend on what training tags are like. */
export function buildMetrics(specs: readonly MetricSpec[], training?: TrainingFacts): NamedMetric[] {
  return specs.map((spec) => {
    const { reads }: MetricPart = metrics.get(spec.type)
    return { name: spec.type, ...(reads && { reads }), ...metrics.build(spec, training) }
  })
}

/** What metrics left to the training data to decide, and what came out: a sentence each. */
export function outcomesOf(specs: readonly MetricSpec[], training: TrainingFacts): string[] {
  return specs.flatMap((spec) => {
    const part: MetricPart = metrics.get(spec.type)
    const outcome = part.outcome?.(spec, training)
    return outcome === undefined ? [] : [`${spec.type}: ${outcome}`]
  })
}

/** Statistics beyond what a number holds become the largest number, which `corpusValue` knows: JSON has no infinity. */
export function scoreExample(built: readonly NamedMetric[], example: ScoredExample): StatisticsByMetric {
  return Object.fromEntries(built.map(({ name, statistics }) => [name, statistics(example).map(clamped)]))
}

function clamped(statistic: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, statistic))
}

/** Sums over examples, number by number; no rows at all give no sums. */
export function addStatistics(rows: readonly (readonly number[])[]): number[] {
  const sums: number[] = []
  for (const row of rows) {
    row.forEach((statistic, at) => {
      sums[at] = (sums[at] ?? 0) + statistic
    })
  }
  return sums
}

const largest = `larger than the largest number (${Number.MAX_VALUE.toPrecision(2)})`
const tooLarge = undefinedBecause(`it is ${largest}`)
const sumTooLarge = undefinedBecause(`a sum that it is made of is ${largest}`)

/** A metric's value over a corpus from its summed statistics; undefined where there is nothing to score. */
export function corpusValue({ value }: Pick<Metric, 'value'>, sums: readonly number[]): Measured {
  if (sums.length === 0) return undefinedBecause('there are no examples')
  if (sums.some((sum) => Math.abs(sum) >= Number.MAX_VALUE)) return sumTooLarge
  const measured = value(sums)
  return isNumber(measured) && !Number.isFinite(measured) ? tooLarge : measured
}

/** Each metric's value over a corpus of examples. */
export function corpusValues(
  built: readonly NamedMetric[],
  examples: readonly StatisticsByMetric[],
): Record<string, Measured> {
  return Object.fromEntries(
    built.map((metric) => [metric.name, corpusValue(metric, addStatistics(statisticsOf(examples, metric)))]),
  )
}

/** Each metric's result over a corpus of examples; nothing without examples. */
export function corpusResults(
  built: readonly NamedMetric[],
  examples: readonly StatisticsByMetric[],
): Record<string, MetricResult> {
  if (examples.length === 0) return {}
  return Object.fromEntries(
    built.map((metric) => [metric.name, metricResult(metric, statisticsTable(statisticsOf(examples, metric)))]),
  )
}

function statisticsOf(examples: readonly StatisticsByMetric[], { name }: NamedMetric): (readonly number[])[] {
  return examples.map((statistics) => statistics[name] ?? [])
}

const level = 0.95
/** Why there is no interval where resamples show no spread. */
export const sameValue = 'all resamples of the examples give the same value'
const usual = { seed: 1, resamples: 1000 }

/** What of a metric makes a result of statistics that are known. */
export type SummingMetric = Omit<Metric, 'statistics'>

/** A metric's value over examples, by their statistics, with its interval. */
export function metricResult(
  metric: SummingMetric,
  table: StatisticsTable,
  options: BootstrapOptions = usual,
): MetricResult {
  const sums = totals(table)
  const value = corpusValue(metric, sums)
  if (!isNumber(value)) return value
  return { value, interval: intervalOf(metric, table, options), ...more(metric, sums) }
}

function more({ note, counts, signature }: SummingMetric, sums: readonly number[]) {
  const leftOut = note?.(sums)
  const counted = counts?.(sums)
  const signed = signature?.(sums)
  return {
    ...(leftOut === undefined ? {} : { note: leftOut }),
    ...(counted === undefined ? {} : { counts: counted }),
    ...(signed === undefined ? {} : { signature: signed }),
  }
}

/**
 * The 95 % interval of a metric over examples like these. Exact (Clopper-Pearson) where the metric counts what is right or
 * wrong and each of these examples is one such thing: accuracy always, an edit rate where each example has one symbol and
 * at most one edit. Else by bootstrap. Where all resamples give one value they say nothing of other examples (no error in
 * 40 sentences is not "no error ever"): then exact of the share of examples with an error, where the metric knows errors.
 */
function intervalOf(metric: SummingMetric, table: StatisticsTable, options: BootstrapOptions): Interval | Undefined {
  if (metric.isShare === true && statisticsOfExamples(table).every(isRightOrWrong)) {
    const [counted = 0] = totals(table)
    return { ...clopperPearson(counted, table.examples, level), method: 'clopper-pearson' }
  }
  const resampled = resampledValues(table, (sums) => corpusValue(metric, sums), options)
  const interval = percentileInterval(resampled, level)
  return isUndefined(interval) || !isConstant(resampled) ? interval : errorInterval(metric, table)
}

/** One thing, right or wrong. */
function isRightOrWrong([counted, things]: readonly number[]): boolean {
  return things === 1 && (counted === 0 || counted === 1)
}

function errorInterval({ isWrong }: SummingMetric, table: StatisticsTable): Interval | Undefined {
  if (isWrong === undefined) return undefinedBecause(sameValue)
  const wrong = statisticsOfExamples(table).filter(isWrong).length
  return { ...clopperPearson(wrong, table.examples, level), method: 'clopper-pearson-errors' }
}
