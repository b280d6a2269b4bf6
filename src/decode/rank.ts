import { alignmentOf, type Hypothesis } from './hypothesis.js'

/** How hypotheses are ranked. */
export interface Ranking {
  /** α; 0: none. */
  readonly lengthNormalisation: number
  /** β; 0: none. */
  readonly coveragePenalty: number
}

/** A source step that nothing attends to: the logarithm of 0 would make all such outputs equal. */
const leastCoverage = 1e-10

/** log p(y | x) / lp(y) + cp(x; y), over a source of `steps` steps. */
export function rankOf(hypothesis: Hypothesis, { lengthNormalisation, coveragePenalty }: Ranking, steps: number) {
  const value = hypothesis.score / lengthPenalty(hypothesis.length, lengthNormalisation)
  return coveragePenalty === 0 ? value : value + coveragePenalty * coverage(alignmentOf(hypothesis), steps)
}

/**
 * What no extension of a hypothesis ranks above: log probabilities are at most 0, the penalty of a longest output is the
 * mildest, and the coverage of a source at most complete (cp = 0).
 */
export function rankBound({ score }: Hypothesis, { lengthNormalisation }: Ranking, maxLength: number): number {
  return score / lengthPenalty(maxLength, lengthNormalisation)
}

/** lp(y) = ((5 + |y|) / 6)^α (Wu et al. 2016, equation 14). */
function lengthPenalty(length: number, alpha: number): number {
  return ((5 + length) / 6) ** alpha
}

/** Σ_s ln min(Σ_t a_ts, 1) over the source's own steps (Wu et al. 2016, equation 14); the end's alignment counts. */
export function coverage(alignment: readonly (readonly number[])[], steps: number): number {
  let sum = 0
  for (let step = 0; step < steps; step++) {
    const attended = alignment.reduce((total, row) => total + (row[step] ?? 0), 0)
    sum += Math.log(Math.max(leastCoverage, Math.min(attended, 1)))
  }
  return sum
}
