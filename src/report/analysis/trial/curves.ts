import type { CurvePoint } from '../../../stats/curve.js'
import { mean } from '../../../stats/difference.js'

/** At most `limit` points: neighbours are averaged in windows of equal length, each placed at its last point. */
export function downsample(points: readonly CurvePoint[], limit: number): CurvePoint[] {
  const size = Math.ceil(points.length / limit)
  if (size <= 1) return points.slice()
  const windows = Array.from({ length: Math.ceil(points.length / size) }, (_, at) =>
    points.slice(at * size, (at + 1) * size),
  )
  return windows.map((part): CurvePoint => [part.at(-1)?.[0] ?? 0, mean(part.map(([, y]) => y))])
}
