import { isNumber, isUndefined, type Measured, undefinedBecause } from '../../../core/measured.js'
import { metricResult } from '../../../metrics/score.js'
import { mean, variance } from '../../../stats/difference.js'
import { type Comparison, compareFamily } from '../../../stats/family.js'
import { cutTo, differenceRange, type Range, rangedMeanInterval } from '../../../stats/mean-interval.js'
import { averageOf } from '../../../stats/seed-averages.js'
import { type MetricView, metricTitle } from '../metrics.js'
import { answer, notMeasuredText } from './answer.js'
import type { Units } from './levels.js'
import { rankingOf } from './ranking.js'
import { rankingText } from './ranking-text.js'
import {
  metricSamples,
  type ResampleSettings,
  type Sample,
  type SampleUnit,
  sampleOf,
  type TrialSamples,
} from './samples.js'
import type { MetricComparison, MetricValues, Pair } from './types.js'
import type { TrialGroup, VariantTrials } from './variants.js'

export const familyAlpha = 0.05

interface MetricSettings extends ResampleSettings {
  readonly units: Units
  /** What the variance is over: `seed`, or `run` where a variant mixes settings. */
  readonly seedWord: string
  /** Of all completed trials, where they are known already. */
  readonly samples?: TrialSamples | undefined
  /** The metric that this is one way to measure, where trials do so in several. */
  readonly metric?: string
  /** Variants that are not measured in this way, where others are. */
  readonly notMeasured?: readonly VariantTrials[]
}

/** A variant under one metric. */
interface SampledVariant extends Sample {
  readonly variant: VariantTrials
  readonly units: readonly SampleUnit[]
}

/** All variants of a group under one metric; those without it (or without a completed trial) are excluded. */
export function compareMetric(group: TrialGroup, metric: MetricView, settings: MetricSettings): MetricComparison {
  const variants = group.variants.filter(({ completed }) => completed.length > 0)
  const completed = variants.flatMap((variant) => variant.completed)
  const examples = completed[0]?.statistics[metric.name]?.examples ?? 0
  const trials = settings.samples ?? metricSamples(completed, metric, settings)
  const sampled = variants.map((variant) => {
    const units = settings.units.of(variant)
    return { variant, units, ...sampleOf(units, trials) }
  })
  const values = sampled.map((one) => valuesOf(one, metric, examples, settings))
  const comparable = sampled.flatMap(({ variant, sample }) => (isUndefined(sample) ? [] : [{ id: variant.id, sample }]))
  const pairs = pairsOf(
    comparable.map(({ id }) => id),
    compareFamily(
      comparable.map(({ sample }) => sample),
      familyAlpha,
      examples,
    ),
    differenceRange(metric.range),
  )
  const { name, unit, better } = metric
  const { metric: measures, notMeasured = [] } = settings
  const ways = measures === undefined ? {} : { metric: measures, notMeasured: notMeasured.map(({ id }) => id) }
  const compared = {
    ...{ name, title: metricTitle(name), ...ways, unit, better },
    ...{ best: bestOnDev(values, better), values, pairs },
  }
  const ranking = rankingOf(compared)
  const text = rankingText(ranking, compared, variants)
  return {
    ...compared,
    ranking: { ...ranking, text },
    answer: [
      ...answer(compared, variants, { examples, seedWord: settings.seedWord }),
      ...notMeasuredText(compared, notMeasured),
    ],
  }
}

const noVariance = undefinedBecause('no variance was observed')
const oneSeed = undefinedBecause('a variant has one seed')
const noDeviation = undefinedBecause('no deviation between seeds was observed')

/** A family's comparisons as plain data; `ids` are its variants in order, intervals are cut to the range of a difference. */
export function pairsOf(ids: readonly string[], comparisons: readonly Comparison[], range: Range): Pair[] {
  return comparisons.map((comparison) => ({
    left: ids[comparison.left] ?? '',
    right: ids[comparison.right] ?? '',
    paired: comparison.pairs,
    difference: comparison.estimate,
    interval: comparison.interval === undefined ? noVariance : cutTo(comparison.interval, range),
    level: comparison.level,
    p: comparison.p ?? noVariance,
    adjustedP: comparison.adjustedP ?? noVariance,
    significant: comparison.shown,
    effectSize: comparison.effectSize ?? (comparison.seedVariance === undefined ? oneSeed : noDeviation),
    seedVariance: comparison.seedVariance ?? oneSeed,
    exampleVariance: comparison.exampleVariance,
    degreesOfFreedom: Number.isNaN(comparison.degreesOfFreedom) ? noVariance : comparison.degreesOfFreedom,
  }))
}

function valuesOf(
  sampled: SampledVariant,
  metric: MetricView,
  examples: number,
  settings: MetricSettings,
): MetricValues {
  const { variant, units, perSeed } = sampled
  const values = perSeed.filter(isNumber)
  return {
    variant: variant.id,
    seeds: units.map(({ seed: of }) => of),
    perSeed: [...perSeed],
    mean: meanOf(sampled, metric, examples, settings),
    seedDeviation:
      values.length > 1 ? Math.sqrt(variance(values)) : undefinedBecause('one seed has no deviation between seeds'),
    dev: devMean(variant, metric.name),
  }
}

/** Of one trained model its own result; of several seeds their mean. */
function meanOf(
  { units, perSeed, sample }: SampledVariant,
  metric: MetricView,
  examples: number,
  { seed, resamples }: MetricSettings,
): MetricValues['mean'] {
  const only = units.length === 1 && units[0]?.trials.length === 1 ? units[0].trials[0] : undefined
  const table = only?.statistics[metric.name]
  if (table !== undefined) return metricResult(metric, table, { seed, resamples })
  const values = perSeed.filter(isNumber)
  if (isUndefined(sample)) return values.length < perSeed.length ? sample : { value: mean(values), interval: sample }
  const ofExamples = { variance: variance([...averageOf(sample.resampled ?? [])].filter(Number.isFinite)), examples }
  return { value: mean(values), interval: rangedMeanInterval(values, ofExamples, familyAlpha, metric.range) }
}

function devMean({ completed }: VariantTrials, name: string): Measured {
  const values = completed.map(({ record }) => record.metrics.dev?.[name])
  const missing = values.find((value) => value === undefined || isUndefined(value))
  if (missing !== undefined && isUndefined(missing)) return missing
  const known = values.flatMap((value) => (value === undefined || isUndefined(value) ? [] : [value.value]))
  return known.length > 0 ? mean(known) : undefinedBecause('there are no dev examples')
}

function bestOnDev(values: readonly MetricValues[], better: 'lower' | 'higher'): string | null {
  const sign = better === 'lower' ? 1 : -1
  const selectable = values.flatMap(({ variant, dev }) => (isNumber(dev) ? [{ variant, cost: sign * dev }] : []))
  const best = selectable.reduce<(typeof selectable)[number] | undefined>(
    (first, one) => (first === undefined || one.cost < first.cost ? one : first),
    undefined,
  )
  return best?.variant ?? null
}
