import { type Undefined, undefinedBecause } from '../core/measured.js'
import { type ExamplePart, meanInterval, type SeedValues } from './difference.js'

/** The least and the greatest that a value can be; infinite where nothing bounds it. */
export type Range = readonly [least: number, most: number]

export const everything: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]

/** The ends of an interval of a mean. */
export interface MeanInterval {
  readonly low: number
  readonly high: number
  readonly method: 't'
}

/**
 * The interval of a mean over new seeds and new examples by Student's t, cut to the range that the values can have: cutting
 * leaves out only what no mean can be, so it covers as often as before. Undefined with one or two seeds (one degree of
 * freedom between seeds: t is 12.7, and the interval of a share nearly always all of 0 to 1) and where nothing varies.
 * Measured by `npm run test:statistics`, near 0 and 1 and with skewed values, next to a percentile bootstrap over seeds.
 */
export function rangedMeanInterval(
  values: SeedValues,
  ofExamples: ExamplePart,
  alpha: number,
  range: Range,
): MeanInterval | Undefined {
  if (values.length < 3) return undefinedBecause(tooFew(values.length))
  const interval = meanInterval(values, ofExamples, alpha)
  // Equal values differ in their last bits from their mean: that is no spread.
  if (interval === undefined || interval.high - interval.low <= 1e-12 * Math.max(1, Math.abs(interval.high))) {
    return undefinedBecause('neither seeds nor examples vary')
  }
  return { ...cutTo(interval, range), method: 't' }
}

/** The range of a difference a − b of two values that have a range each: [a_least − b_most, a_most − b_least]. */
export function differenceRange([least, most]: Range, [otherLeast, otherMost]: Range = [least, most]): Range {
  return [least - otherMost, most - otherLeast]
}

/** An interval cut to a range: what is left out is only what no value can be, so it covers as often as before. */
export function cutTo<I extends { readonly low: number; readonly high: number }>(interval: I, [least, most]: Range): I {
  return { ...interval, low: Math.max(least, interval.low), high: Math.min(most, interval.high) }
}

function tooFew(seeds: number): string {
  return `${seeds === 1 ? 'one seed says' : 'two seeds say'} too little about the variance between seeds for an interval of the mean`
}
