import { isNumber, isUndefined, type Measured, type Undefined, undefinedBecause } from '../../../core/measured.js'
import { metricResult } from '../../../metrics/score.js'
import { type StatisticsTable, totals } from '../../../stats/bootstrap.js'
import { mean, variance } from '../../../stats/difference.js'
import { type Comparison, compareFamily, type VariantSample } from '../../../stats/family.js'
import { rangedMeanInterval } from '../../../stats/mean-interval.js'
import { resampledSeedAverages } from '../../../stats/seed-averages.js'
import { type MetricView, metricTitle } from '../metrics.js'
import { answer } from './answer.js'
import type { MetricComparison, MetricValues, Pair } from './types.js'
import type { TrialGroup, VariantTrials } from './variants.js'

export const familyAlpha = 0.05

interface MetricSettings {
  readonly seed: number
  readonly resamples: number
  /** What the variance is over: `seed`, or `run` where a variant mixes settings. */
  readonly seedWord: string
}

/** A variant under one metric. */
interface Sampled {
  readonly variant: VariantTrials
  readonly tables: readonly StatisticsTable[]
  /** Of each seed. */
  readonly perSeed: readonly Measured[]
  /** What of it can be compared, or why nothing can. */
  readonly sample: Required<VariantSample> | Undefined
}

/** All variants of a group under one metric; those without it (or without a completed trial) are excluded. */
export function compareMetric(group: TrialGroup, metric: MetricView, settings: MetricSettings): MetricComparison {
  const variants = group.variants.filter(({ completed }) => completed.length > 0)
  const sampled = sampleVariants(variants, metric, settings)
  const examples = sampled[0]?.tables[0]?.examples ?? 0
  const values = sampled.map((one) => valuesOf(one, metric, examples, settings))
  const comparable = sampled.flatMap(({ variant, sample }) => (isUndefined(sample) ? [] : [{ id: variant.id, sample }]))
  const pairs = pairsOf(
    comparable.map(({ id }) => id),
    compareFamily(
      comparable.map(({ sample }) => sample),
      familyAlpha,
      examples,
    ),
  )
  const { name, unit, better } = metric
  const compared = { name, title: metricTitle(name), unit, better, best: bestOnDev(values, better), values, pairs }
  return { ...compared, answer: answer(compared, variants, { examples, seedWord: settings.seedWord }) }
}

function sampleVariants(variants: readonly VariantTrials[], metric: MetricView, settings: MetricSettings): Sampled[] {
  const tables = variants.map(({ completed }) => completed.map((trial) => tableOf(trial.statistics[metric.name])))
  const averages = resampledSeedAverages(tables, metric.value, settings)
  return variants.map((variant, at) => {
    const own = tables[at] ?? []
    const perSeed = own.map((table) => metric.value(totals(table)))
    return { variant, tables: own, perSeed, sample: sampleOf(variant, perSeed, averages[at] ?? new Float64Array()) }
  })
}

function tableOf(table: StatisticsTable | undefined): StatisticsTable {
  if (table === undefined) throw new RangeError('A trial lacks the statistics of a metric that the others have')
  return table
}

/** Above this share of resamples without a value nothing is compared: as of the interval of a single trial. */
const undefinedShare = 0.05

function sampleOf(
  { completed }: VariantTrials,
  perSeed: readonly Measured[],
  averages: Float64Array,
): Sampled['sample'] {
  const values = perSeed.filter(isNumber)
  const at = perSeed.findIndex((value) => !isNumber(value))
  const missing = perSeed[at]
  if (missing !== undefined && !isNumber(missing)) {
    return perSeed.length === 1
      ? missing
      : undefinedBecause(`undefined for seed ${completed[at]?.record.seed}: ${missing.reason}`)
  }
  const undefinedResamples = averages.filter(Number.isNaN).length
  if (undefinedResamples > undefinedShare * averages.length) {
    return undefinedBecause(`${undefinedResamples} of ${averages.length} resamples of the examples have no value`)
  }
  return { values, averages }
}

/** A family's comparisons as plain data; `ids` are its variants in order. */
export function pairsOf(ids: readonly string[], comparisons: readonly Comparison[]): Pair[] {
  return comparisons.map((comparison) => ({
    left: ids[comparison.left] ?? '',
    right: ids[comparison.right] ?? '',
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

function valuesOf(sampled: Sampled, metric: MetricView, examples: number, settings: MetricSettings): MetricValues {
  const { variant, perSeed } = sampled
  const values = perSeed.filter(isNumber)
  return {
    variant: variant.id,
    perSeed: [...perSeed],
    mean: meanOf(sampled, metric, examples, settings),
    seedDeviation:
      values.length > 1 ? Math.sqrt(variance(values)) : undefinedBecause('one seed has no deviation between seeds'),
    dev: devMean(variant, metric.name),
  }
}

/** Of one trained model its own result; of several seeds their mean. */
function meanOf(
  { tables, perSeed, sample }: Sampled,
  metric: MetricView,
  examples: number,
  { seed, resamples }: MetricSettings,
): MetricValues['mean'] {
  const [only] = tables
  if (only !== undefined && tables.length === 1) return metricResult(metric, only, { seed, resamples })
  const values = perSeed.filter(isNumber)
  if (values.length < perSeed.length)
    return isUndefined(sample) ? sample : undefinedBecause('it is undefined for a seed')
  const value = mean(values)
  if (isUndefined(sample)) return { value, interval: sample }
  const ofExamples = { variance: variance([...sample.averages].filter(Number.isFinite)), examples }
  return { value, interval: rangedMeanInterval(values, ofExamples, familyAlpha, metric.range) }
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
