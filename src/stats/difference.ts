import { studentCdf, studentQuantile, twoSidedP } from './student.js'

/** One variant's values of a metric, one per seed. */
export type SeedValues = readonly number[]

/** The part of a difference's variance that new examples cause: the bootstrap's variance, and its number of examples. */
export interface ExamplePart {
  readonly variance: number
  readonly examples: number
}

/** A difference of two variants' means with the parts of its variance. */
export interface Difference {
  /** mean(a) − mean(b). */
  readonly estimate: number
  /** s_a²/k_a + s_b²/k_b, of pairs s_d²/k; undefined where a variant has one seed only: then nothing is known of other seeds. */
  readonly seedVariance: number | undefined
  /** Variance of the estimate over the examples that might have been drawn instead; 0 where that is not asked about. */
  readonly exampleVariance: number
  readonly standardError: number
  /** NaN where no spread at all was seen. */
  readonly degreesOfFreedom: number
  /** Two-sided, not yet corrected; undefined where no spread at all was seen, so that nothing can be tested. */
  readonly p: number | undefined
  /** Hedges' g: the difference in standard deviations between seeds; undefined where there is no such deviation. */
  readonly effectSize: number | undefined
}

/**
 * The mean difference over new seeds and new examples: variance s_a²/k_a + s_b²/k_b + V_examples, degrees of freedom by
 * Satterthwaite: (Σ V_i)² / Σ (V_i² / ν_i) with ν = k_a − 1, k_b − 1 and n − 1. Equal seed numbers are no pairs. The
 * interaction of seed and example is in both parts, so the variance is, if anything, too large.
 * Without `ofExamples` the question is about new seeds alone: Welch's test. Throws RangeError without seeds or with one example.
 * Sources: Welch 1947; Satterthwaite 1946, An Approximate Distribution of Estimates of Variance Components; Hedges 1981.
 */
export function difference(a: SeedValues, b: SeedValues, ofExamples?: ExamplePart): Difference {
  if (a.length === 0 || b.length === 0) throw new RangeError('A difference needs at least one seed on each side')
  const enough = a.length > 1 && b.length > 1
  const degrees = a.length + b.length - 2
  const pooled = ((a.length - 1) * variance(a) + (b.length - 1) * variance(b)) / degrees
  return differenceOf([mean(a), mean(b)], enough ? [a, b].map(seedPart) : [], ofExamples, { pooled, degrees })
}

/**
 * One variant's mean less a figure that stands without an error of its own, over new seeds and new examples: variance s²/k +
 * V_examples, degrees of freedom as in `difference`. Without `ofExamples` Student's test of one sample. Throws RangeError
 * without seeds or with one example. Source: Student 1908; the effect size is Hedges' g of one sample.
 */
export function differenceFrom(a: SeedValues, figure: number, ofExamples?: ExamplePart): Difference {
  if (a.length === 0) throw new RangeError('A difference from a figure needs at least one seed')
  const spread = { pooled: variance(a), degrees: a.length - 1 }
  return differenceOf([mean(a), figure], a.length > 1 ? [seedPart(a)] : [], ofExamples, spread)
}

/**
 * The mean difference of two variants that share trained models: a[i] and b[i] are of the same model (two searches of one
 * trained model, say). A model's own level cancels within its difference d_i = a_i − b_i, so only the spread of the
 * differences is left: variance s_d²/k + V_examples, where V_examples is the bootstrap's variance of mean(a) − mean(b) under
 * the same draws for both; degrees of freedom by Satterthwaite with ν = k − 1 and n − 1. As in `difference`, the interaction of
 * model and example is in both parts. The effect size stays in standard deviations between seeds, so that it can be
 * compared with that of unpaired variants: mean(d) / sqrt((s_a² + s_b²) / 2), corrected with k − 1 degrees of freedom.
 * Throws RangeError without models, where the sides differ in length, or with one example.
 * Sources: Student 1908, The Probable Error of a Mean (section IX: differences within pairs); Satterthwaite 1946; the effect
 * size is Cumming's d_av (2012, Understanding the New Statistics, ch. 11).
 */
export function pairedDifference(a: SeedValues, b: SeedValues, ofExamples?: ExamplePart): Difference {
  if (a.length === 0 || a.length !== b.length)
    throw new RangeError('A paired difference needs a value of each side for every trained model')
  const differences = a.map((value, at) => value - (b[at] ?? Number.NaN))
  const spread = { pooled: (variance(a) + variance(b)) / 2, degrees: a.length - 1 }
  return differenceOf([mean(a), mean(b)], a.length > 1 ? [seedPart(differences)] : [], ofExamples, spread)
}

/** What an effect is measured in: a variance between seeds, and its degrees of freedom. */
interface Spread {
  readonly pooled: number
  readonly degrees: number
}

/** `seedParts`: the parts of the variance between seeds; none where nothing is known of other seeds. */
function differenceOf(
  [left, right]: readonly [number, number],
  seedParts: readonly VariancePart[],
  ofExamples: ExamplePart | undefined,
  spread: Spread,
): Difference {
  if (ofExamples !== undefined && ofExamples.examples < 2)
    throw new RangeError('A difference needs at least two examples')
  const { variance: total, standardError, degreesOfFreedom } = testOf(seedParts, ofExamples)
  const estimate = left - right
  // Below rounding noise there was no spread at all; a test on it would be certain of anything.
  const testable = standardError > 1e-12 * Math.max(1, Math.abs(left), Math.abs(right))
  const exampleVariance = ofExamples?.variance ?? 0
  const known = seedParts.length > 0
  return {
    estimate,
    seedVariance: known ? total - exampleVariance : undefined,
    exampleVariance,
    standardError,
    degreesOfFreedom,
    p: testable ? twoSidedP(estimate / standardError, degreesOfFreedom) : undefined,
    effectSize: hedges(estimate, spread),
  }
}

/** What a difference with these parts of its variance is tested with. */
export function testOf(seedParts: readonly VariancePart[], ofExamples: ExamplePart | undefined) {
  const { variance, degreesOfFreedom } = satterthwaite([...seedParts, ...examplePart(ofExamples)])
  const standardError = Math.sqrt(variance)
  return { variance, standardError, degreesOfFreedom: Math.min(degreesOfFreedom, mostDegrees(seedParts)) }
}

/**
 * With two seeds the variance between them is often seen far too small; Satterthwaite's formula then takes the many degrees
 * of the examples for its own (18 % false alarms among six variants of two seeds, 6 % with two). So they are no more than
 * the seeds have.
 */
function mostDegrees(seedParts: readonly VariancePart[]): number {
  const isFew = seedParts.some(({ degrees }) => degrees === 1)
  return isFew ? seedParts.reduce((sum, { degrees }) => sum + degrees, 0) : Number.POSITIVE_INFINITY
}

/** One variant's mean over new seeds and new examples, as `difference` has it with one side only. */
export function meanInterval(
  values: SeedValues,
  ofExamples: ExamplePart,
  alpha: number,
): { low: number; high: number } | undefined {
  const seeds = values.length > 1 ? [seedPart(values)] : []
  const { variance: total, degreesOfFreedom } = satterthwaite([...seeds, ...examplePart(ofExamples)])
  if (!(total > 0)) return undefined
  const reach = studentQuantile(1 - alpha / 2, degreesOfFreedom) * Math.sqrt(total)
  return { low: mean(values) - reach, high: mean(values) + reach }
}

/** An independent part of a variance with the degrees of freedom that it was estimated with. */
export interface VariancePart {
  readonly variance: number
  readonly degrees: number
}

function seedPart(values: SeedValues): VariancePart {
  return { variance: variance(values) / values.length, degrees: values.length - 1 }
}

function examplePart(of: ExamplePart | undefined): VariancePart[] {
  return of === undefined ? [] : [{ variance: of.variance, degrees: of.examples - 1 }]
}

/** The sum of variances and its degrees of freedom, (Σ V_i)² / Σ (V_i² / ν_i); NaN of them where there is no spread. */
function satterthwaite(parts: readonly VariancePart[]): { variance: number; degreesOfFreedom: number } {
  const total = parts.reduce((sum, part) => sum + part.variance, 0)
  const weighted = parts.reduce((sum, part) => sum + part.variance ** 2 / part.degrees, 0)
  return { variance: total, degreesOfFreedom: total ** 2 / weighted }
}

/** estimate ± t_{1 − α/2, ν} · se; undefined where nothing can be tested. */
export function confidenceInterval(tested: Difference, alpha: number): { low: number; high: number } | undefined {
  if (tested.p === undefined) return undefined
  const reach = studentQuantile(1 - alpha / 2, tested.degreesOfFreedom) * tested.standardError
  return { low: tested.estimate - reach, high: tested.estimate + reach }
}

/**
 * P value of the two one-sided tests: small when the difference is shown to lie within ± margin.
 * Source: Schuirmann 1987, A Comparison of the Two One-Sided Tests Procedure. Throws RangeError on a margin of 0 or less.
 */
export function equivalenceP(
  { estimate, standardError, degreesOfFreedom, p }: Difference,
  margin: number,
): number | undefined {
  if (!(margin > 0)) throw new RangeError('Equivalence needs a margin above 0')
  if (p === undefined) return undefined
  const above = studentCdf(-(estimate + margin) / standardError, degreesOfFreedom)
  const below = studentCdf((estimate - margin) / standardError, degreesOfFreedom)
  return Math.max(above, below)
}

/** g = estimate / s · (1 − 3 / (4 ν − 1)), where ν is k_a + k_b − 2, of pairs and of one sample k − 1. */
function hedges(estimate: number, { pooled, degrees }: Spread): number | undefined {
  return pooled > 0 ? (estimate / Math.sqrt(pooled)) * (1 - 3 / (4 * degrees - 1)) : undefined
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Unbiased sample variance; NaN for fewer than two values. */
export function variance(values: readonly number[]): number {
  const middle = mean(values)
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1)
}
