/** A point of a curve over steps. */
export type CurvePoint = readonly [x: number, y: number]

/** The lowest and the highest of some points, the first of equals, in their order; one where all are equal. */
export function extremes(points: readonly CurvePoint[]): readonly CurvePoint[] {
  const values = points.map(([, y]) => y)
  const ends = new Set([values.indexOf(Math.min(...values)), values.indexOf(Math.max(...values))])
  return points.filter((_, at) => ends.has(at))
}

/** Where several curves all have values: from the latest first to the earliest last point; undefined where nowhere. */
export function sharedRange(curves: readonly (readonly CurvePoint[])[]): { from: number; to: number } | undefined {
  const from = Math.max(...curves.map((points) => points[0]?.[0] ?? Number.POSITIVE_INFINITY))
  const to = Math.min(...curves.map((points) => points.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY))
  return curves.length > 0 && from <= to ? { from, to } : undefined
}

/**
 * A curve's mean over its axis, the area under it divided by its length: (1 / (to − from)) ∫ y dx, with straight lines
 * between its points (the trapezoidal rule); y(from) where both ends are one. Points are ordered by x.
 * Throws RangeError where the curve does not reach from `from` to `to`.
 */
export function meanOver(points: readonly CurvePoint[], from: number, to: number): number {
  const start = valueAt(points, from)
  if (from === to) return start
  const inside = points.filter(([x]) => x > from && x < to)
  const knots: readonly CurvePoint[] = [[from, start], ...inside, [to, valueAt(points, to)]]
  const area = knots.slice(1).reduce((sum, [x, y], at) => {
    const [x0, y0] = knots[at] ?? [x, y]
    return sum + ((x - x0) * (y + y0)) / 2
  }, 0)
  return area / (to - from)
}

/** The value at x, on the straight line between its neighbours. */
function valueAt(points: readonly CurvePoint[], x: number): number {
  const after = points.findIndex(([at]) => at >= x)
  const [x1, y1] = points[after] ?? []
  if (x1 === x && y1 !== undefined) return y1
  const [x0, y0] = points[after - 1] ?? []
  if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) {
    throw new RangeError(`The curve has no value at ${x}`)
  }
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0)
}
