export interface CostPoint {
  readonly name: string
  readonly cost: number
  readonly value: number
}

/** The Pareto front: points that no other point dominates in cost and value, by cost. */
export function paretoFront(points: readonly CostPoint[], better: 'lower' | 'higher'): CostPoint[] {
  const sign = better === 'lower' ? 1 : -1
  const sorted = points.toSorted((a, b) => a.cost - b.cost || sign * (a.value - b.value))
  const front: CostPoint[] = []
  for (const point of sorted) {
    const best = front.at(-1)
    if (best === undefined || sign * (point.value - best.value) < 0) front.push(point)
  }
  return front
}
