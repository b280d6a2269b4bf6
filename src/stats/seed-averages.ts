import { type Measured, numberOrNaN } from '../core/measured.js'
import { randomStream } from '../core/random.js'
import { drawCounts, type StatisticsTable, weightedSums } from './bootstrap.js'

export interface ResampleOptions {
  readonly seed: number
  readonly resamples: number
}

/**
 * Each seed's value of each variant under resampled examples: in every resample all variants and seeds see the same draw of
 * examples, so that differences between variants keep what the examples have in common. `tables` has, by variant and seed,
 * the statistics of the same examples in the same order; `value` makes a metric of their sums. Gives for each variant and
 * seed [resamples], NaN in resamples without a value. Throws RangeError when the tables differ in examples.
 */
export function resampledTogether(
  tables: readonly (readonly StatisticsTable[])[],
  value: (sums: readonly number[]) => Measured,
  { seed, resamples }: ResampleOptions,
): Float64Array[][] {
  const examples = tables[0]?.[0]?.examples ?? 0
  if (tables.some((seeds) => seeds.some((table) => table.examples !== examples))) {
    throw new RangeError('Variants can only be resampled together over the same examples')
  }
  const random = randomStream(seed, 'bootstrap', 'examples')
  const counts = new Int32Array(examples)
  const of = tables.map((seeds) =>
    seeds.map((table) => ({ table, sums: new Array<number>(table.width), values: new Float64Array(resamples) })),
  )
  const each = of.flat()
  for (let resample = 0; resample < resamples; resample++) {
    drawCounts(random, examples, counts)
    for (const { table, sums, values } of each) values[resample] = numberOrNaN(value(weightedSums(table, counts, sums)))
  }
  return of.map((seeds) => seeds.map(({ values }) => values))
}

/** Each variant's average over its seeds under resampled examples, as `resampledTogether` draws them: [resamples] each, NaN where a seed has no value. */
export function resampledSeedAverages(
  tables: readonly (readonly StatisticsTable[])[],
  value: (sums: readonly number[]) => Measured,
  options: ResampleOptions,
): Float64Array[] {
  return resampledTogether(tables, value, options).map(averageOf)
}

/** Mean of several arrays, element by element; empty without any. */
export function averageOf(arrays: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(arrays[0]?.length ?? 0)
  for (const values of arrays) for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] ?? 0) + (values[at] ?? 0)
  return sums.map((sum) => sum / arrays.length)
}

/** Sample variance of a − b over the resamples that both have values in. */
export function varianceOfDifference(a: Float64Array, b: Float64Array): number {
  const differences = a.map((value, at) => value - (b[at] ?? Number.NaN)).filter(Number.isFinite)
  const middle = differences.reduce((sum, value) => sum + value, 0) / differences.length
  return differences.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (differences.length - 1)
}
