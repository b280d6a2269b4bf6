import { type Random, randomStream } from '../core/random.js'
import { quantile } from './quantile.js'

/** Statistics of examples side by side: example i is elements i*width .. (i+1)*width. */
export interface StatisticsTable {
  readonly data: Float64Array
  readonly examples: number
  readonly width: number
}

export interface BootstrapOptions {
  readonly seed: number
  readonly resamples: number
  /** How much the interval covers: 0.95. */
  readonly level: number
}

export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Puts rows of equal length side by side. Throws RangeError when there are none or their lengths differ. */
export function statisticsTable(rows: readonly (readonly number[])[]): StatisticsTable {
  const width = rows[0]?.length ?? 0
  if (rows.length === 0 || width === 0) throw new RangeError('A bootstrap needs at least one example with statistics')
  const data = new Float64Array(rows.length * width)
  rows.forEach((row, example) => {
    if (row.length !== width) throw new RangeError(`Example ${example} has ${row.length} statistics, not ${width}`)
    data.set(row, example * width)
  })
  return { data, examples: rows.length, width }
}

/** Sums of each statistic over all examples. */
export function totals({ data, examples, width }: StatisticsTable): number[] {
  const sums = new Array<number>(width).fill(0)
  for (let example = 0; example < examples; example++) {
    for (let column = 0; column < width; column++) {
      sums[column] = (sums[column] ?? 0) + (data[example * width + column] ?? 0)
    }
  }
  return sums
}

/** How often each of n examples is drawn in one resample of n with replacement: [n], summing to n. */
export function drawCounts(random: Random, examples: number, counts: Int32Array): Int32Array {
  counts.fill(0)
  for (let draw = 0; draw < examples; draw++) {
    const drawn = Math.floor(random.uniform() * examples)
    counts[drawn] = (counts[drawn] ?? 0) + 1
  }
  return counts
}

/** Σᵢ countᵢ · statisticsᵢ, into `sums` [width]. */
export function weightedSums({ data, examples, width }: StatisticsTable, counts: Int32Array, sums: number[]): number[] {
  sums.fill(0)
  for (let example = 0, at = 0; example < examples; example++, at += width) {
    const count = counts[example] ?? 0
    if (count === 0) continue
    for (let column = 0; column < width; column++) {
      sums[column] = (sums[column] ?? 0) + count * (data[at + column] ?? 0)
    }
  }
  return sums
}

/**
 * Percentile bootstrap over examples of a value that is a function of summed statistics: each resample draws as many
 * examples as there are, with replacement. `rows` has one row of statistics an example; `value` gets their sums.
 * Throws RangeError without examples. Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, section 13.3.
 */
export function bootstrapInterval(
  rows: readonly (readonly number[])[],
  value: (sums: readonly number[]) => number,
  { seed, resamples, level }: BootstrapOptions,
): Interval {
  const table = statisticsTable(rows)
  const random = randomStream(seed, 'bootstrap')
  const counts = new Int32Array(table.examples)
  const sums = totals(table)
  const observed = value(sums)
  const values = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++) {
    values[resample] = value(weightedSums(table, drawCounts(random, table.examples, counts), sums))
  }
  if (values.some((drawn) => Number.isNaN(drawn))) return { value: observed, low: Number.NaN, high: Number.NaN }
  values.sort()
  return { value: observed, low: quantile(values, (1 - level) / 2), high: quantile(values, (1 + level) / 2) }
}
