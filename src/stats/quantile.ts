/**
 * The quantile at `share` (0 to 1) of numbers sorted from low to high, linear between neighbours:
 * Q = x[⌊k⌋] + (k − ⌊k⌋) (x[⌊k⌋+1] − x[⌊k⌋]) with k = (n − 1) share. Throws RangeError when there are none.
 * Source: Hyndman & Fan 1996, Sample Quantiles in Statistical Packages, type 7 (NumPy's and R's default).
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) throw new RangeError('A quantile needs at least one number')
  const position = (sorted.length - 1) * share
  const below = Math.floor(position)
  const low = sorted[below] ?? Number.NaN
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN
  return low === high ? low : low + (position - below) * (high - low)
}
