export interface HolmResult {
  /** Adjusted p value: rejected at α when it is at most α. */
  readonly adjusted: number
  readonly rejected: boolean
  /**
   * The α of this test's own interval: α / (m − i + 1) at the i-th smallest p, and from the first test that is not rejected
   * on the α of that one. So an interval leaves zero out exactly when its test is rejected.
   */
  readonly alpha: number
}

/**
 * Holm's step-down correction of a family of m tests, in the order given: p̃_(i) = max_{j ≤ i} min(1, (m − j + 1) p_(j)).
 * Source: Holm 1979, A Simple Sequentially Rejective Multiple Test Procedure. The intervals' levels are those at which
 * each test was made; their joint coverage is lower than the level of each.
 */
export function holm(pValues: readonly number[], alpha: number): HolmResult[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p)
  const size = order.length
  const results = new Array<HolmResult>(size)
  let adjusted = 0
  let level = alpha
  let open = true
  order.forEach(({ p, index }, rank) => {
    adjusted = Math.max(adjusted, Math.min(1, (size - rank) * p))
    if (open) level = alpha / (size - rank)
    if (adjusted > alpha) open = false
    results[index] = { adjusted, rejected: open, alpha: level }
  })
  return results
}
