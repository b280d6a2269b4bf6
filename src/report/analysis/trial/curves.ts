import { type CurvePoint, extremes } from '../../../stats/curve.js'

export interface ThinnedCurve {
  /** Recorded points, in order. */
  readonly points: readonly CurvePoint[]
  /** Of how many neighbours the lowest and the highest are kept; 1: all points are. */
  readonly window: number
}

/**
 * At most `limit` points: of windows of equal length the lowest and the highest, at their own steps, so that no peak is
 * lost; and the curve's ends.
 */
export function thinnedCurve(points: readonly CurvePoint[], limit: number): ThinnedCurve {
  if (points.length <= limit) return { points: points.slice(), window: 1 }
  const window = Math.ceil(points.length / Math.max(1, Math.floor(limit / 2) - 1))
  const kept = new Set([...points.slice(0, 1), ...points.slice(-1)])
  for (let start = 0; start < points.length; start += window) {
    for (const point of extremes(points.slice(start, start + window))) kept.add(point)
  }
  return { points: points.filter((point) => kept.has(point)), window }
}
