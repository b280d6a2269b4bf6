import { mean, meanInterval, variance } from '../../../stats/difference.js'
import { type Comparison, compareFamily, type VariantSample } from '../../../stats/family.js'
import { averageOf } from '../../../stats/seed-averages.js'
import { type MetricView, metricTitle } from '../metrics.js'
import { answer } from './answer.js'
import type { Units } from './levels.js'
import { metricSamples, type ResampleSettings, sampleOf } from './samples.js'
import type { MetricComparison, MetricValues, Pair } from './types.js'
import type { TrialGroup, VariantTrials } from './variants.js'

export const familyAlpha = 0.05

interface MetricSettings extends ResampleSettings {
  readonly units: Units
  /** What the variance is over: `seed`, or `run` where a variant mixes settings. */
  readonly seedWord: string
}

/** All variants of a group under one metric; those without it (or without a completed trial) are excluded. */
export function compareMetric(group: TrialGroup, metric: MetricView, settings: MetricSettings): MetricComparison {
  const variants = group.variants.filter(({ completed }) => completed.length > 0)
  const completed = variants.flatMap((variant) => variant.completed)
  const examples = completed[0]?.statistics[metric.name]?.examples ?? 0
  const trials = metricSamples(completed, metric, settings)
  const units = variants.map(settings.units.of)
  const samples = units.map((of) => sampleOf(of, trials))
  const values = samples.map((sample, at) => ({
    ...valuesOf(variants[at], metric.name, sample, examples),
    seeds: (units[at] ?? []).map(({ seed }) => seed),
  }))
  const pairs = pairsOf(
    variants.map(({ id }) => id),
    compareFamily(samples, familyAlpha, examples),
  )
  const { name, unit, better } = metric
  const compared = { name, title: metricTitle(name), unit, better, best: bestOnDev(values, better), values, pairs }
  return { ...compared, answer: answer(compared, variants, { examples, seedWord: settings.seedWord }) }
}

/** A family's comparisons as plain data; `ids` are its variants in order. */
export function pairsOf(ids: readonly string[], comparisons: readonly Comparison[]): Pair[] {
  return comparisons.map((comparison) => ({
    left: ids[comparison.left] ?? '',
    right: ids[comparison.right] ?? '',
    paired: comparison.pairs,
    difference: comparison.estimate,
    low: comparison.interval?.low ?? null,
    high: comparison.interval?.high ?? null,
    level: comparison.level,
    p: comparison.p ?? null,
    adjustedP: comparison.adjustedP ?? null,
    significant: comparison.shown,
    effectSize: comparison.effectSize ?? null,
    seedVariance: comparison.seedVariance ?? null,
    exampleVariance: comparison.exampleVariance,
    degreesOfFreedom: Number.isNaN(comparison.degreesOfFreedom) ? null : comparison.degreesOfFreedom,
  }))
}

function valuesOf(
  variant: VariantTrials | undefined,
  name: string,
  { values, resampled = [] }: VariantSample,
  examples: number,
): Omit<MetricValues, 'seeds'> {
  const dev = (variant?.completed ?? [])
    .map(({ record }) => record.metrics.dev?.[name]?.value)
    .filter((value) => value !== undefined)
  const interval = meanInterval(values, { variance: variance([...averageOf(resampled)]), examples }, familyAlpha)
  return {
    variant: variant?.id ?? '',
    perSeed: [...values],
    mean: mean(values),
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    seedDeviation: values.length > 1 ? Math.sqrt(variance(values)) : null,
    dev: dev.length > 0 ? mean(dev) : null,
  }
}

function bestOnDev(values: readonly MetricValues[], better: 'lower' | 'higher'): string | null {
  const selectable = values.filter(({ dev }) => dev !== null)
  const sign = better === 'lower' ? 1 : -1
  const best = selectable.reduce<MetricValues | undefined>(
    (first, one) => (first === undefined || sign * ((one.dev ?? 0) - (first.dev ?? 0)) < 0 ? one : first),
    undefined,
  )
  return best?.variant ?? null
}
