import { quotient } from '../../src/core/measured.js'
import type { Random } from '../../src/core/random.js'
import { type StatisticsTable, totals } from '../../src/stats/bootstrap.js'
import { mean, meanInterval, variance } from '../../src/stats/difference.js'
import { quantile } from '../../src/stats/quantile.js'
import { resampledSeedAverages } from '../../src/stats/seed-averages.js'

/** A variant with known truth: how often its examples are wrong differs from seed to seed, and is skewed. */
export interface SkewedTruth {
  /** Mean over seeds of the share that is counted. */
  readonly mean: number
  readonly seeds: number
  readonly examples: number
}

/** Whether an interval of the mean has the truth in it, and how wide it is. */
export interface MeanTrial {
  readonly t: Covered
  readonly cut: Covered
  /** Percentiles of the means of resampled seeds, for comparison. */
  readonly bootstrap: Covered
}

interface Covered {
  readonly covers: boolean
  readonly width: number
}

const alpha = 0.05
const share = ([counted = 0, things = 0]: readonly number[]) => quotient(counted, things, 'no examples')

/** Draws the values of one variant's seeds and makes the interval of their mean, by three ways. */
export function simulateMean(truth: SkewedTruth, random: Random, seed: number): MeanTrial {
  const tables = Array.from({ length: truth.seeds }, () => drawSeed(truth, random))
  const values = tables.map((table) => (totals(table)[0] ?? 0) / table.examples)
  const [averages = new Float64Array()] = resampledSeedAverages([tables], share, { seed, resamples: 200 })
  const ofExamples = { variance: variance([...averages]), examples: truth.examples }
  const ends = meanInterval(values, ofExamples, alpha) ?? { low: mean(values), high: mean(values) }
  const cut = { low: Math.max(0, ends.low), high: Math.min(1, ends.high) }
  const covered = ({ low, high }: { low: number; high: number }): Covered => ({
    covers: low <= truth.mean && truth.mean <= high,
    width: high - low,
  })
  return { t: covered(ends), cut: covered(cut), bootstrap: covered(seedBootstrap(values, random)) }
}

/**
 * One seed's rate is that of the rare kind, mean · e for e from the exponential distribution (skewness 2, standard deviation
 * as large as the mean), or 1 minus it where the mean is above 1/2; each example is counted at that rate.
 */
function drawSeed({ mean: truth, examples }: SkewedTruth, random: Random): StatisticsTable {
  const isHigh = truth > 0.5
  const rare = Math.min(1, -(isHigh ? 1 - truth : truth) * Math.log(1 - random.uniform()))
  const data = new Float64Array(2 * examples)
  for (let example = 0; example < examples; example++) {
    const isRare = random.uniform() < rare
    data[2 * example] = isRare === isHigh ? 0 : 1
    data[2 * example + 1] = 1
  }
  return { data, examples, width: 2 }
}

function seedBootstrap(values: readonly number[], random: Random): { low: number; high: number } {
  const means = Float64Array.from({ length: 200 }, () =>
    mean(values.map(() => values[random.below(values.length)] ?? Number.NaN)),
  ).sort()
  return { low: quantile(means, alpha / 2), high: quantile(means, 1 - alpha / 2) }
}
