import {
  confidenceInterval,
  type Difference,
  difference,
  type ExamplePart,
  pairedDifference,
  type SeedValues,
} from './difference.js'
import { holm } from './holm.js'
import { averageOf, varianceOfDifference } from './seed-averages.js'

/** A variant as a family of comparisons needs it. */
export interface VariantSample {
  /** One value per seed. */
  readonly values: SeedValues
  /** Ids of the trained models that each value was measured on; two variants that share models are compared as pairs. */
  readonly models?: readonly (readonly string[])[]
  /** Each value in every resample of the examples; the same draws for all variants. None: seeds alone are asked about. */
  readonly resampled?: readonly Float64Array[]
}

/** One pair of a family: its difference, and what Holm's correction leaves of it. */
export interface Comparison extends Difference {
  /** Places of the two variants. */
  readonly left: number
  readonly right: number
  /** Seeds whose values are compared as pairs, because both are of the same trained models; 0: unpaired. */
  readonly pairs: number
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
 * examples too where variants have resampled values over the number of `examples`. Variants that share at least two trained
 * models are compared as pairs, over the shared ones; with fewer, what they share is left in the variance, which it makes too
 * large, if anything.
 */
export function compareFamily(variants: readonly VariantSample[], alpha: number, examples = 0): Comparison[] {
  const prepared = variants.map(prepare)
  const pairs = prepared.flatMap((a, left) =>
    prepared.slice(left + 1).map((b, after) => ({ left, right: left + 1 + after, ...compareTwo(a, b, examples) })),
  )
  return corrected(pairs, alpha)
}

/** The difference of two samples by itself: a family of one. */
export function compareSamples(a: VariantSample, b: VariantSample, examples = 0): TestedPair {
  return compareTwo(prepare(a), prepare(b), examples)
}

/** A difference, and how many of its values were compared as pairs. */
export interface TestedPair {
  readonly found: Difference
  readonly pairs: number
}

/** Holm's correction over differences that make one family. */
export function corrected(
  family: readonly (TestedPair & { readonly left: number; readonly right: number })[],
  alpha: number,
): Comparison[] {
  // A pair that cannot be tested stays in the family, as one that shows nothing.
  const results = holm(
    family.map(({ found }) => found.p ?? 1),
    alpha,
  )
  return family.map(({ left, right, found, pairs }, at) => {
    const { adjusted, rejected, alpha: share } = results[at] ?? { adjusted: 1, rejected: false, alpha }
    const tested = found.p !== undefined
    return {
      ...found,
      left,
      right,
      pairs,
      adjustedP: tested ? adjusted : undefined,
      shown: tested && rejected,
      interval: confidenceInterval(found, share),
      level: 1 - share,
    }
  })
}

/** A sample with what every one of its pairs needs. */
interface Prepared extends VariantSample {
  readonly average: Float64Array | undefined
  /** Where each trained model's value is. */
  readonly placeOf: ReadonlyMap<string, number>
}

function prepare(sample: VariantSample): Prepared {
  const places = (sample.models ?? []).flatMap((ids, at) => ids.map((id) => [id, at] as const))
  return { ...sample, average: sample.resampled && averageOf(sample.resampled), placeOf: new Map(places) }
}

function compareTwo(a: Prepared, b: Prepared, examples: number): TestedPair {
  const shared = sharedModels(a, b)
  if (shared.length < 2) {
    return { pairs: 0, found: difference(a.values, b.values, examplePart(a.average, b.average, examples)) }
  }
  const [left, right] = [
    only(
      a,
      shared.map(([at]) => at),
    ),
    only(
      b,
      shared.map(([, at]) => at),
    ),
  ]
  return {
    pairs: shared.length,
    found: pairedDifference(left.values, right.values, examplePart(left.average, right.average, examples)),
  }
}

/** Places of the values of two samples that are of the same trained models. */
function sharedModels({ models = [] }: Prepared, { placeOf }: Prepared): (readonly [number, number])[] {
  if (placeOf.size === 0) return []
  return models.flatMap((ids, at) => {
    const model = ids.find((id) => placeOf.has(id))
    const other = model === undefined ? undefined : placeOf.get(model)
    return other === undefined ? [] : [[at, other] as const]
  })
}

function only({ values, resampled, average }: Prepared, places: readonly number[]) {
  const all = places.length === values.length
  return {
    values: places.map((at) => values[at] ?? Number.NaN),
    average: all || resampled === undefined ? average : averageOf(places.flatMap((at) => resampled[at] ?? [])),
  }
}

function examplePart(
  a: Float64Array | undefined,
  b: Float64Array | undefined,
  examples: number,
): ExamplePart | undefined {
  if (a === undefined || b === undefined) return undefined
  return { variance: varianceOfDifference(a, b), examples }
}
