import { type CurvePoint, extremes } from '../../../stats/curve.js'

/** A curve of a bounded number of points: of each `stride` recorded ones the lowest and the highest, so that no peak is lost. */
export interface Thinned {
  stride: number
  readonly buckets: Bucket[]
  /** What the next bucket has so far. */
  open: { readonly points: readonly CurvePoint[]; readonly count: number }
  /** Recorded last. */
  last?: CurvePoint
}

interface Bucket {
  /** One, or the lowest and the highest in their order. */
  readonly points: readonly CurvePoint[]
  /** The last step that it is of. */
  readonly end: number
  /** The version of what holds the curve in which it was closed. */
  readonly version: number
}

const none = { points: [], count: 0 }

export function emptyCurve(): Thinned {
  return { stride: 1, buckets: [], open: none }
}

/** Adds a recorded point; where there are `capacity` buckets (an even number), neighbours become one each. */
export function addPoint(curve: Thinned, point: CurvePoint, version: number, capacity: number): void {
  curve.last = point
  const points = extremes([...curve.open.points, point])
  const count = curve.open.count + 1
  curve.open = count < curve.stride ? { points, count } : none
  if (count < curve.stride) return
  curve.buckets.push({ points, end: point[0], version })
  if (curve.buckets.length < capacity) return
  curve.buckets.splice(0, capacity, ...merged(curve.buckets))
  curve.stride *= 2
}

function merged(buckets: readonly Bucket[]): Bucket[] {
  return buckets.flatMap((bucket, at) => {
    const before = buckets[at - 1]
    if (at % 2 === 0 || before === undefined) return []
    return [{ ...bucket, points: extremes([...before.points, ...bucket.points]) }]
  })
}

/** What is new since a version, after a step; the last point too, where it is none of a bucket's. */
export function pointsSince(
  { buckets, open, last }: Thinned,
  version: number,
): { readonly after: number; readonly points: readonly CurvePoint[] } {
  const known = buckets.findLastIndex((bucket) => bucket.version <= version)
  const after = buckets[known]?.end ?? -1
  const points = [...buckets.slice(known + 1), open].flatMap((each) => each.points)
  const [step = after] = points.at(-1) ?? []
  return { after, points: last === undefined || step >= last[0] ? points : [...points, last] }
}
