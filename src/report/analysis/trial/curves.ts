import type { CurvePoint } from '../../../stats/curve.js'

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
  const ends = new Set([0, points.length - 1])
  for (let start = 0; start < points.length; start += window) {
    const part = points.slice(start, start + window).map(([, y]) => y)
    ends.add(start + part.indexOf(Math.min(...part)))
    ends.add(start + part.indexOf(Math.max(...part)))
  }
  return { points: points.filter((_, at) => ends.has(at)), window }
}
