/** A curve of a bounded number of points: each is the mean of `stride` recorded ones, at the last one's step. */
export interface Thinned {
  stride: number
  readonly points: CurveValue[]
  /** Of what the next point will be the mean; none where `count` is 0. */
  readonly open: { step: number; sum: number; count: number }
}

export interface CurveValue {
  readonly step: number
  readonly value: number
  /** The version of what holds the curve in which this point was closed. */
  readonly version: number
}

export function emptyCurve(): Thinned {
  return { stride: 1, points: [], open: { step: 0, sum: 0, count: 0 } }
}

/** Adds a recorded value; where the curve is full, neighbours become one point each. */
export function addValue(curve: Thinned, { step, value, version }: CurveValue, capacity: number): void {
  const { open, points } = curve
  open.step = step
  open.sum += value
  open.count++
  if (open.count < curve.stride) return
  points.push({ step, value: open.sum / open.count, version })
  open.sum = 0
  open.count = 0
  if (points.length < capacity) return
  points.splice(0, points.length, ...merged(points))
  curve.stride *= 2
}

function merged(points: readonly CurveValue[]): CurveValue[] {
  return points.flatMap((point, at) => {
    const before = points[at - 1]
    if (at % 2 === 0 || before === undefined) return []
    return [{ step: point.step, value: (before.value + point.value) / 2, version: point.version }]
  })
}

/** The points of a curve with that of the values that do not fill one yet. */
export function allPoints({ points, open }: Thinned): readonly CurveValue[] {
  if (open.count === 0) return points
  return [...points, { step: open.step, value: open.sum / open.count, version: Number.POSITIVE_INFINITY }]
}
