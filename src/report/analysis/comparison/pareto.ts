export interface CostPoint {
  readonly name: string
  readonly cost: number
  readonly value: number
}

/** Those that no other beats in both: cheaper and better (or equal in one and better in the other), by cost. */
export function efficientFront(points: readonly CostPoint[], better: 'lower' | 'higher'): CostPoint[] {
  const sign = better === 'lower' ? 1 : -1
  const sorted = points.toSorted((a, b) => a.cost - b.cost || sign * (a.value - b.value))
  const front: CostPoint[] = []
  for (const point of sorted) {
    const best = front.at(-1)
    if (best === undefined || sign * (point.value - best.value) < 0) front.push(point)
  }
  return front
}
