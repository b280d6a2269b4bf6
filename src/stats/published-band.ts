import { normalQuantile } from './normal.js'

/** A figure that somebody else measured, with what is known of how far chance may move it and ours. */
export interface Measured {
  readonly value: number
  /** Variance over the examples that might have been drawn instead: of the published figure, and of ours. */
  readonly variances: readonly [published: number, ours: number]
}

/**
 * The two-sided band around a published figure in which ours lies in 95 % of cases where both models are equally good:
 * p ± z · sqrt(V_published + V_ours), by the numbers of their test examples alone. Spread between seeds is not in it: of a
 * published figure it is seldom known.
 */
export function publishedBand({ value, variances }: Measured): { readonly low: number; readonly high: number } {
  const reach = normalQuantile(0.975) * Math.sqrt(variances[0] + variances[1])
  return { low: value - reach, high: value + reach }
}

/**
 * Variance of a share p of n examples that are right or wrong: p (1 − p) / n. A published 0 or 1 counts as half an example
 * away from that, as if the next one could be otherwise: else its band would be a point.
 */
export function shareVariance(share: number, examples: number): number {
  const least = 0.5 / examples
  const inside = Math.min(1 - least, Math.max(least, share))
  return (inside * (1 - inside)) / examples
}
