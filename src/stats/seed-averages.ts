import { type Measured, numberOrNaN } from '../core/measured.js'
import { randomStream } from '../core/random.js'
import { drawCounts, type StatisticsTable, weightedSums } from './bootstrap.js'

export interface ResampleOptions {
  readonly seed: number
  readonly resamples: number
}

/**
 * Each variant's average over its seeds under resampled examples: in every resample all variants and seeds see the same
 * draw of examples, so that differences between variants keep what the examples have in common. `tables` has, by variant
 * and seed, the statistics of the same examples in the same order; `value` makes a metric of their sums. Gives for each
 * variant [resamples], NaN in resamples where a seed has no value. Throws RangeError when the tables differ in examples.
 */
export function resampledSeedAverages(
  tables: readonly (readonly StatisticsTable[])[],
  value: (sums: readonly number[]) => Measured,
  { seed, resamples }: ResampleOptions,
): Float64Array[] {
  const examples = tables[0]?.[0]?.examples ?? 0
  if (tables.some((seeds) => seeds.some((table) => table.examples !== examples))) {
    throw new RangeError('Variants can only be resampled together over the same examples')
  }
  const random = randomStream(seed, 'bootstrap', 'examples')
  const counts = new Int32Array(examples)
  const averages = tables.map(() => new Float64Array(resamples))
  for (let resample = 0; resample < resamples; resample++) {
    drawCounts(random, examples, counts)
    tables.forEach((seeds, variant) => {
      let sum = 0
      for (const table of seeds) {
        sum += numberOrNaN(value(weightedSums(table, counts, new Array<number>(table.width).fill(0))))
      }
      const into = averages[variant]
      if (into !== undefined) into[resample] = sum / seeds.length
    })
  }
  return averages
}

/** Sample variance of a − b over the resamples that both have values in. */
export function varianceOfDifference(a: Float64Array, b: Float64Array): number {
  const differences = a.map((value, at) => value - (b[at] ?? Number.NaN)).filter(Number.isFinite)
  const middle = differences.reduce((sum, value) => sum + value, 0) / differences.length
  return differences.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (differences.length - 1)
}
