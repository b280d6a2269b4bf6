import { confidenceInterval, type Difference, difference, type ExamplePart, type SeedValues } from './difference.js'
import { holm } from './holm.js'
import { varianceOfDifference } from './seed-averages.js'

/** A variant as a family of comparisons needs it. */
export interface VariantSample {
  readonly values: SeedValues
  /** Its seed average in every resample of the examples; the same draws for all variants. None: seeds alone are asked about. */
  readonly averages?: Float64Array
}

/** One pair of a family: its difference, and what Holm's correction leaves of it. */
export interface Comparison extends Difference {
  /** Places of the two variants. */
  readonly left: number
  readonly right: number
  readonly adjustedP: number | undefined
  /** Whether a difference is shown at the family's α. */
  readonly shown: boolean
  /** Interval of left − right at this pair's share of α; undefined where nothing can be tested. */
  readonly interval: { readonly low: number; readonly high: number } | undefined
  /** The interval's level: 1 − this pair's share of α. */
  readonly level: number
}

/**
 * Every pair of variants within one metric (or curve), as one family under Holm's correction: over new seeds, and over new
 * examples too where variants have resampled averages over the number of `examples`.
 */
export function compareFamily(variants: readonly VariantSample[], alpha: number, examples = 0): Comparison[] {
  const pairs = variants.flatMap((a, left) =>
    variants.slice(left + 1).map((b, after) => {
      return { left, right: left + 1 + after, found: difference(a.values, b.values, examplePart(a, b, examples)) }
    }),
  )
  // A pair that cannot be tested stays in the family, as one that shows nothing.
  const corrected = holm(
    pairs.map(({ found }) => found.p ?? 1),
    alpha,
  )
  return pairs.map(({ left, right, found }, at) => {
    const { adjusted, rejected, alpha: share } = corrected[at] ?? { adjusted: 1, rejected: false, alpha }
    const tested = found.p !== undefined
    return {
      ...found,
      left,
      right,
      adjustedP: tested ? adjusted : undefined,
      shown: tested && rejected,
      interval: confidenceInterval(found, share),
      level: 1 - share,
    }
  })
}

function examplePart(a: VariantSample, b: VariantSample, examples: number): ExamplePart | undefined {
  if (a.averages === undefined || b.averages === undefined) return undefined
  return { variance: varianceOfDifference(a.averages, b.averages), examples }
}
