import type { MetricSpec } from '../../../metrics/index.js'
import { isSameMeasure, type MeasureNames, measureNames, type RecordedMetric } from '../../../metrics/measures.js'
import { listed } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { metricTitle } from '../metrics.js'
import type { Called, FoundTrial } from './read-trial.js'
import type { VariantTrials } from './variants.js'

// Trials may have a metric under other options each. Then all that a trial has of it (statistics, results, its curve) goes by
// a name with these options, so that nothing that looks for it by its name takes one measure for another.

/** Trials whose metrics have names that tell measures apart; those whose metrics all have under the same options as they are. */
export function withMeasures(trials: readonly FoundTrial[]): FoundTrial[] {
  const finished = trials.filter(({ record }) => record.status === 'completed')
  const nameOf = measureNames(finished.flatMap((trial) => [...testMetrics(trial), ...trial.validated]))
  return trials.map((trial) => {
    const called = { test: calledBy(nameOf, testMetrics(trial)), curves: calledBy(nameOf, trial.validated) }
    return called.test.size + called.curves.size === 0 ? trial : renamed(trial, called)
  })
}

function testMetrics({ record }: FoundTrial): RecordedMetric[] {
  return record.spec.metrics.map((spec) => ({ name: spec.type, spec }))
}

function calledBy(nameOf: MeasureNames, recorded: readonly RecordedMetric[]): Map<string, string> {
  const all = recorded.map(({ name, spec }) => [name, nameOf(name, spec)] as const)
  return new Map(all.filter(([name, called]) => called !== name))
}

function renamed(trial: FoundTrial, called: Called): FoundTrial {
  const { record } = trial
  const metrics = Object.fromEntries(
    Object.entries(record.metrics).map(([split, results]) => [split, keysRenamed(results, called.test)]),
  )
  return {
    ...{ ...trial, called, record: { ...record, metrics } },
    statistics: keysRenamed(trial.statistics, called.test),
    curves: keysRenamed(trial.curves, called.curves),
    gaps: keysRenamed(trial.gaps, called.curves),
  }
}

/** What is recorded by metric, by the names that the metrics of a trial have among others. */
export function keysRenamed<T>(
  record: Readonly<Record<string, T>>,
  called: ReadonlyMap<string, string> | undefined,
): Readonly<Record<string, T>> {
  if (called === undefined || called.size === 0) return record
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [called.get(name) ?? name, value]))
}

/** What a trial's test results call a metric. */
export function testName({ called }: Pick<FoundTrial, 'called'>, metric: string): string {
  return called?.test.get(metric) ?? metric
}

/** What a trial's curve is called that was recorded under a name. */
export function curveName({ called }: Pick<FoundTrial, 'called'>, recorded: string): string {
  return called?.curves.get(recorded) ?? recorded
}

/** The name under which a curve was recorded. */
export function recordedName({ called }: Pick<FoundTrial, 'called'>, curve: string): string {
  const [recorded = curve] = [...(called?.curves ?? [])].find(([, name]) => name === curve) ?? []
  return recorded
}

/** What a trial's test results call a metric that measures as a spec says; undefined where they have none that does. */
export function testNameOf(trial: FoundTrial, spec: MetricSpec): string | undefined {
  const own = trial.record.spec.metrics.find((one) => isSameMeasure(one, spec))
  return own && testName(trial, own.type)
}

/** As `testNameOf`, of a curve that is recorded under a name. */
export function curveNameOf(trial: FoundTrial, recorded: string, spec: MetricSpec): string | undefined {
  const own = trial.validated.find((one) => one.name === recorded && isSameMeasure(one.spec, spec))
  return own && curveName(trial, own.name)
}

/** The measures that the finished trials of variants have of a metric on test. */
export function testMeasures(variants: readonly VariantTrials[], metric: string): string[] {
  return distinct(variants, (trial) => testName(trial, metric), 'statistics')
}

/** As `testMeasures`, of a curve. */
export function curveMeasures(variants: readonly VariantTrials[], curve: string): string[] {
  return distinct(variants, (trial) => curveName(trial, curve), 'curves')
}

function distinct(
  variants: readonly VariantTrials[],
  nameOf: (trial: FoundTrial) => string,
  has: 'statistics' | 'curves',
): string[] {
  const trials = variants.flatMap(({ completed }) => completed)
  return [...new Set(trials.filter((trial) => trial[has][nameOf(trial)] !== undefined).map(nameOf))]
}

/** Why values of a metric under different options are not put side by side. */
export function severalWays(metric: string, measures: readonly string[]): string {
  const ways = measures.length === 2 ? 'two ways' : `${count(measures.length)} ways`
  return `${metricTitle(metric)} is measured in ${ways}, ${listed(measures.map(metricTitle))}, which are not compared with each other`
}
