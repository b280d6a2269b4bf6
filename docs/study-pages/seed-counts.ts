import { difference, mean } from '../../src/stats/difference.js'
import type { RecordedPair } from './record.js'

// How often would a comparison of few seeds have said the wrong thing? All seeds that were trained stand for what is true, and
// every choice of k of them (the same for both models) is one comparison that could have been made.

/** What comparisons of k seeds say, counted over all of them. */
export interface SeedCount {
  readonly k: number
  /** C(n, k). */
  readonly subsets: number
  /** Whose means are in the other order than those of all seeds. */
  readonly wrong: number
  /** Whose means are equal. */
  readonly ties: number
  /** By how much the model that is better over all seeds is so in these, at least and at most. */
  readonly least: number
  readonly most: number
  /** Where the test calls the model better that is so over all seeds; null of one seed, which is not tested. */
  readonly supported: number | null
  /** Where the test calls the other model better; null of one seed. */
  readonly wrongSupported: number | null
}

const alpha = 0.05

/**
 * Counts over every subset of k seeds. The test is that of a claim `better` about two variants: over new seeds and new examples,
 * at 5 %, with the examples' variance (1/k²) Σ_ij C_ij of the chosen seeds. Throws RangeError where k is not from 1 to n, or all
 * seeds together show no difference.
 */
export function countSeeds(pair: RecordedPair, k: number): SeedCount {
  const { leftValues, rightValues, seeds } = pair
  if (k < 1 || k > seeds.length) throw new RangeError(`There are no ${k} of ${seeds.length} seeds`)
  const truth = Math.sign(mean(leftValues) - mean(rightValues))
  if (truth === 0) throw new RangeError('All seeds together show no difference')
  const counts = { subsets: 0, wrong: 0, ties: 0, supported: 0, wrongSupported: 0 }
  const range = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY }
  for (const chosen of subsets(seeds.length, k)) {
    const { estimate, isShown } = verdictOf(pair, chosen)
    const sign = Math.sign(estimate)
    range.least = Math.min(range.least, truth * estimate)
    range.most = Math.max(range.most, truth * estimate)
    counts.subsets++
    if (sign === 0) counts.ties++
    if (sign === -truth) counts.wrong++
    if (isShown) counts[sign === truth ? 'supported' : 'wrongSupported']++
  }
  return { k, ...counts, ...range, ...(k === 1 && { supported: null, wrongSupported: null }) }
}

function verdictOf({ leftValues, rightValues, exampleCovariance, examples }: RecordedPair, chosen: readonly number[]) {
  const pick = (values: readonly number[]) => chosen.map((at) => values[at] ?? Number.NaN)
  const variance = meanCovariance(exampleCovariance, chosen)
  const { estimate, p } = difference(pick(leftValues), pick(rightValues), { variance, examples })
  return { estimate, isShown: chosen.length > 1 && p !== undefined && p <= alpha }
}

/** Of all n² comparisons of any seed of one model with any of the other, how many have the order that all seeds have not. */
export function countCrossed({ leftValues, rightValues }: RecordedPair): {
  readonly pairs: number
  readonly wrong: number
} {
  const truth = Math.sign(mean(leftValues) - mean(rightValues))
  const wrong = leftValues.flatMap((left) => rightValues.filter((right) => Math.sign(left - right) === -truth))
  return { pairs: leftValues.length * rightValues.length, wrong: wrong.length }
}

/** Variance of the mean over the chosen seeds: (1/k²) Σ_ij C_ij. */
function meanCovariance(covariance: RecordedPair['exampleCovariance'], chosen: readonly number[]): number {
  let sum = 0
  for (const row of chosen) for (const column of chosen) sum += covariance[row]?.[column] ?? Number.NaN
  return sum / chosen.length ** 2
}

/** Every choice of k of n places, in lexicographic order. */
export function* subsets(n: number, k: number): Generator<readonly number[]> {
  const chosen = Array.from({ length: k }, (_, at) => at)
  while (true) {
    yield [...chosen]
    const at = chosen.findLastIndex((place, index) => place < n - k + index)
    if (at < 0) return
    const next = (chosen[at] ?? 0) + 1
    for (let index = at; index < k; index++) chosen[index] = next + index - at
  }
}

/** Sample covariance of the values of each two seeds over resamples: n × n, from [n][resamples]. */
export function covariances(differences: readonly Float64Array[]): number[][] {
  const centred = differences.map((values) => {
    const middle = values.reduce((sum, value) => sum + value, 0) / values.length
    return values.map((value) => value - middle)
  })
  const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
  return centred.map((a) => centred.map((b) => product(a, b) / (a.length - 1)))
}
