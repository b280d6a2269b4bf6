import jstat from 'jstat'
import { type ExamplePart, testOf } from './difference.js'
import { normalCdf } from './normal.js'
import { studentQuantile } from './student.js'

/** Two variants whose means over seeds are to be compared, as they are expected to be. */
export interface Planned {
  /** Of each variant. */
  readonly seeds: number
  /** Standard deviation of a variant's values between seeds. */
  readonly spread: number
  /** What new examples add to the variance of the difference; absent where it is not known, and then left out. */
  readonly ofExamples?: ExamplePart | undefined
  /** The level of the test: a share of the family's where it is one of several. */
  readonly alpha: number
  /**
   * Whether one sample is tested: differences of a trained model under two evaluations (the spread is that of the differences),
   * or one variant against a figure.
   */
  readonly oneSample?: boolean | undefined
  /** What a difference must exceed; of an equivalence, what it must stay within. */
  readonly margin?: number | undefined
}

/**
 * Probability that a difference of `effect` is found to be above the margin (0 where none is given) by the test of
 * `difference`, two-sided at α: P(D > margin + t_{1 − α/2, ν} · SE), D ~ N(effect, 2 σ²/k + V_examples). The standard error and
 * its degrees of freedom ν come from the two variances that the seeds will show, which are σ² χ²_{k−1}/(k − 1): both are
 * integrated over, at the middle of equal shares of their distributions. 0 for one seed, which allows no conclusion.
 * Source: Cohen 1988, Statistical Power Analysis for the Behavioral Sciences, chapter 2; there with equal variances, ν = 2 k − 2.
 */
export function powerOfDifference(effect: number, planned: Planned): number {
  const { margin = 0, alpha } = planned
  return integrated(planned, ({ standardError, degreesOfFreedom, trueError }) => {
    const reach = margin + studentQuantile(1 - alpha / 2, degreesOfFreedom) * standardError
    return normalCdf((effect - reach) / trueError)
  })
}

/**
 * Probability that two variants that are equal are found to be within ± margin, by two one-sided tests at α (Schuirmann 1987):
 * P(|D| < margin − t_{1 − α, ν} · SE), with D of mean 0 and SE as in `powerOfDifference`.
 */
export function powerOfEquivalence(planned: Planned & { readonly margin: number }): number {
  return integrated(planned, ({ standardError, degreesOfFreedom, trueError }) => {
    const room = planned.margin - studentQuantile(1 - planned.alpha, degreesOfFreedom) * standardError
    return room <= 0 ? 0 : 2 * normalCdf(room / trueError) - 1
  })
}

/** The least number of seeds that gives this power; undefined where it takes more than `most`. */
export function seedsFor(power: number, powerWith: (seeds: number) => number, most = 200): number | undefined {
  for (let seeds = 2; seeds <= most; seeds++) if (powerWith(seeds) >= power) return seeds
  return undefined
}

interface SeenError {
  readonly standardError: number
  readonly degreesOfFreedom: number
  /** The standard deviation of the estimate itself. */
  readonly trueError: number
}

/** Equal shares that each of the two variances' distribution is cut into. */
const shares = 20

/** The mean of a probability over what the seeds may show of the variance: of both variants, or of the pairs' differences. */
function integrated(planned: Planned, probability: (seen: SeenError) => number): number {
  const { seeds, spread, ofExamples, oneSample = false } = planned
  if (seeds < 2) return 0
  const parts = (oneSample ? 1 : 2) * spread ** 2
  const trueError = Math.sqrt(parts / seeds + (ofExamples?.variance ?? 0))
  const probabilityOf = (seen: readonly number[]) => {
    const tested = testOf(
      seen.map((variance) => ({ variance, degrees: seeds - 1 })),
      ofExamples,
    )
    return probability({ ...tested, trueError })
  }
  const variances = seenVariances(planned)
  const seen = oneSample
    ? variances.map((one) => [one])
    : variances.flatMap((one) => variances.map((two) => [one, two]))
  return seen.reduce((sum, one) => sum + probabilityOf(one), 0) / seen.length
}

/** Variances of a mean over the seeds, σ² χ²/(k − 1)/k, at the middle of each share of their distribution. */
function seenVariances({ seeds, spread }: Planned): number[] {
  const degrees = seeds - 1
  return Array.from({ length: shares }, (_, at) => {
    return (spread ** 2 * jstat.jStat.chisquare.inv((at + 0.5) / shares, degrees)) / degrees / seeds
  })
}
