import { isNumber, type Measured, numberOrNaN, type Undefined, undefinedBecause } from '../../../core/measured.js'
import { type StatisticsTable, tooManyUndefined, totals } from '../../../stats/bootstrap.js'
import { mean } from '../../../stats/difference.js'
import type { VariantSample } from '../../../stats/family.js'
import { averageOf, resampledTogether } from '../../../stats/seed-averages.js'
import type { MetricView } from '../metrics.js'
import type { FoundTrial } from './read-trial.js'

/** One trial's value, with its values under resampled examples where new examples are asked about. */
export interface TrialSample {
  readonly value: Measured
  readonly resampled?: Float64Array
}

export type TrialSamples = ReadonlyMap<FoundTrial, TrialSample>

export interface ResampleSettings {
  readonly seed: number
  readonly resamples: number
}

/** A metric of trials over the same test examples; in every resample all of them see the same draw. */
export function metricSamples(
  trials: readonly FoundTrial[],
  metric: MetricView,
  settings: ResampleSettings,
): Map<FoundTrial, TrialSample> {
  const tables = trials.map(({ statistics }) => tableOf(statistics[metric.name]))
  const [resampled = []] = resampledTogether([tables], metric.value, settings)
  return new Map(
    trials.map((trial, at) => {
      const value = metric.value(totals(tableOf(trial.statistics[metric.name])))
      return [trial, { value, resampled: resampled[at] ?? new Float64Array() }]
    }),
  )
}

function tableOf(table: StatisticsTable | undefined): StatisticsTable {
  if (table === undefined) throw new RangeError('A trial lacks the statistics of a metric that the others have')
  return table
}

/** What gives one value of a sample: a trial, or the trials of one seed under every setting that is averaged over. */
export interface SampleUnit {
  readonly seed: number
  readonly trials: readonly FoundTrial[]
}

/**
 * The units of variants that are averaged, seed by seed: for every seed that all of them have, its trials. A seed's average
 * is one value, and the variance is taken between these averages: what equal seeds have in common under several settings is
 * in it, and settings are no sample of which other ones might have been drawn.
 */
export function seedUnits(variants: readonly (readonly FoundTrial[])[]): SampleUnit[] {
  const [first = [], ...others] = variants
  return first.flatMap((trial) => {
    const { seed } = trial.record
    const counterparts = others.flatMap((trials) => trials.find(({ record }) => record.seed === seed) ?? [])
    return counterparts.length === others.length ? [{ seed, trials: [trial, ...counterparts] }] : []
  })
}

/** Each trial by itself. */
export function trialUnits(trials: readonly FoundTrial[]): SampleUnit[] {
  return trials.map((trial) => ({ seed: trial.record.seed, trials: [trial] }))
}

/** What is sampled of a variant. */
export interface Sample {
  /** One value per unit, the mean over its trials. */
  readonly perSeed: readonly Measured[]
  /** What of it can be compared, or why nothing can; units of two samples with a trained model in common are pairs. */
  readonly sample: VariantSample | Undefined
}

export function sampleOf(units: readonly SampleUnit[], samples: TrialSamples): Sample {
  const of = units.map(({ trials }) => trials.flatMap((trial) => samples.get(trial) ?? []))
  const perSeed = of.map(unitValue)
  const at = perSeed.findIndex((value) => !isNumber(value))
  const missing = perSeed[at]
  if (missing !== undefined && !isNumber(missing)) {
    const reason = units.length === 1 ? missing.reason : `undefined for seed ${units[at]?.seed}: ${missing.reason}`
    return { perSeed, sample: undefinedBecause(reason) }
  }
  const each = of.map((unit) => unit.flatMap((sample) => sample.resampled ?? []))
  const resampled = each.every((unit) => unit.length > 0) ? each.map(averageOf) : undefined
  const unknown = undefinedResamples(resampled ?? [])
  if (unknown !== undefined) return { perSeed, sample: unknown }
  const models = units.map(({ trials }) => trials.map(({ record }) => record.trialId))
  return { perSeed, sample: { values: perSeed.filter(isNumber), models, ...(resampled && { resampled }) } }
}

/** The mean over the trials of a unit; undefined where one of them is. */
function unitValue(unit: readonly TrialSample[]): Measured {
  const missing = unit.map(({ value }) => value).find((value) => !isNumber(value))
  return missing ?? mean(unit.map(({ value }) => numberOrNaN(value)))
}

/** Where too many resamples have no value nothing is compared: as of the interval of a single trial. */
function undefinedResamples(resampled: readonly Float64Array[]): Undefined | undefined {
  const averages = averageOf(resampled)
  const tooMany = tooManyUndefined(averages.filter(Number.isNaN).length, averages.length)
  return tooMany === undefined ? undefined : undefinedBecause(tooMany)
}
