import { isNumber, type Measured, type Undefined, undefinedBecause } from '../core/measured.js'
import { type Random, randomStream } from '../core/random.js'
import type { Interval } from './interval.js'
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

/** One row of statistics an example, as `statisticsTable` was given them. */
export function statisticsOfExamples({ data, examples, width }: StatisticsTable): number[][] {
  return Array.from({ length: examples }, (_, example) => [...data.subarray(example * width, (example + 1) * width)])
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

/** A statistic's values over resamples of the examples: those that are numbers, from low to high. */
export interface Resampled {
  readonly sorted: Float64Array
  /** Resamples in which it is undefined. */
  readonly undefinedResamples: number
  /** Why, the first time. */
  readonly reason?: string
}

/** The values of a function of summed statistics over resamples: each draws as many examples as there are, with replacement. */
export function resampledValues(
  table: StatisticsTable,
  value: (sums: readonly number[]) => Measured,
  { seed, resamples }: BootstrapOptions,
): Resampled {
  const random = randomStream(seed, 'bootstrap')
  const counts = new Int32Array(table.examples)
  const sums = new Array<number>(table.width).fill(0)
  const values = new Float64Array(resamples)
  let known = 0
  let reason: string | undefined
  for (let resample = 0; resample < resamples; resample++) {
    const drawn = value(weightedSums(table, drawCounts(random, table.examples, counts), sums))
    if (isNumber(drawn)) values[known++] = drawn
    else reason ??= drawn.reason
  }
  const sorted = values.subarray(0, known).sort()
  return { sorted, undefinedResamples: resamples - known, ...(reason === undefined ? {} : { reason }) }
}

/** Above this share of undefined resamples the others would say little about the value. */
const undefinedShare = 0.05

/** Why so many of some resamples have no value that the others say little; undefined where they are few enough. */
export function tooManyUndefined(undefinedResamples: number, resamples: number): string | undefined {
  if (undefinedResamples <= undefinedShare * resamples) return undefined
  return `${undefinedResamples} of ${resamples} resamples of the examples have no value, more than ${undefinedShare * 100} %`
}

/**
 * Percentile bootstrap interval: the quantiles (1 − level) / 2 and (1 + level) / 2 of the resampled values. Where more than
 * 5 % of the resamples have no value it is undefined; up to there they are left out and counted.
 * Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, section 13.3.
 */
export function percentileInterval(
  { sorted, undefinedResamples, reason = '' }: Resampled,
  level: number,
): Interval | Undefined {
  const resamples = sorted.length + undefinedResamples
  const tooMany = tooManyUndefined(undefinedResamples, resamples)
  if (tooMany !== undefined) return undefinedBecause(`${tooMany} (${reason})`)
  return {
    low: quantile(sorted, (1 - level) / 2),
    high: quantile(sorted, (1 + level) / 2),
    method: 'bootstrap',
    ...(undefinedResamples > 0 ? { undefinedResamples } : {}),
  }
}

/** Whether all values are one, but for rounding: then their spread says nothing about other examples. */
export function isConstant({ sorted }: Resampled): boolean {
  const [low = 0, high = 0] = [sorted[0], sorted.at(-1)]
  return high - low <= 1e-12 * Math.max(Math.abs(low), Math.abs(high))
}
