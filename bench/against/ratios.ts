/** Processor time of one turn of each checkout, milliseconds a step. */
export interface Round {
  readonly thisMs: number
  readonly otherMs: number
}

export interface MedianRatio {
  readonly median: number
  readonly low: number
  readonly high: number
}

/**
 * The median over rounds of this / other, and an interval that covers the distribution's median with at least 95 %, of the
 * sorted ratios r₍₁₎ ≤ … ≤ r₍ₙ₎: [r₍ₖ₊₁₎, r₍ₙ₋ₖ₎] with the largest k for which 2 P(X ≤ k) ≤ 0.05, X ~ Binomial(n, 1/2).
 * Throws RangeError below 6 rounds, of which no such interval can be made.
 * Source: Conover 1999, Practical Nonparametric Statistics, section 3.2.
 */
export function medianRatio(rounds: readonly Round[]): MedianRatio {
  const ratios = rounds.map(({ thisMs, otherMs }) => thisMs / otherMs).sort((a, b) => a - b)
  const left = leftOut(ratios.length)
  const at = (index: number) => ratios[index] ?? Number.NaN
  const middle = (ratios.length - 1) / 2
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    low: at(left),
    high: at(ratios.length - 1 - left),
  }
}

/** How many ratios at either end are outside the interval. */
function leftOut(count: number): number {
  let probability = 0.5 ** count
  let cumulative = probability
  if (2 * cumulative > 0.05) throw new RangeError(`A 95 % interval needs at least 6 rounds, not ${count}`)
  let left = 0
  for (;;) {
    // P(X = k + 1) = P(X = k) (n − k) / (k + 1)
    probability *= (count - left) / (left + 1)
    cumulative += probability
    if (2 * cumulative > 0.05) return left
    left++
  }
}
