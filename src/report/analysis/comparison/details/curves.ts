import type { CurvePoint } from '../../../../stats/curve.js'
import { mean } from '../../../../stats/difference.js'
import type { Curve } from '../types.js'
import type { VariantTrials } from '../variants.js'
import { round } from './round.js'

const pointsKept = 40

/** Each variant's curves: mean, minimum and maximum over seeds at the steps that all seeds have. */
export function curvesOfVariants(variants: readonly VariantTrials[]): Curve[] {
  return variants.flatMap(({ id, completed }) => {
    const names = Object.keys(completed[0]?.curves ?? {})
    return names.map((name): Curve => {
      const seeds = completed.map(({ curves }) => curves[name] ?? [])
      return { variant: id, name, points: thinned(band(seeds)) }
    })
  })
}

type BandPoint = Curve['points'][number]

function band(seeds: readonly (readonly CurvePoint[])[]): BandPoint[] {
  const [first = [], ...others] = seeds
  const bySeed = others.map((points) => new Map(points))
  return first.flatMap(([x, y]): BandPoint[] => {
    const values = [y, ...bySeed.map((points) => points.get(x))].filter((value) => value !== undefined)
    return values.length < seeds.length ? [] : [[x, mean(values), Math.min(...values), Math.max(...values)]]
  })
}

/** At most `pointsKept` points: neighbours are averaged in windows of equal length, each placed at its last step. */
function thinned(points: readonly BandPoint[]): BandPoint[] {
  const run = Math.ceil(points.length / pointsKept)
  return Array.from({ length: Math.ceil(points.length / Math.max(1, run)) }, (_, at): BandPoint => {
    const part = points.slice(at * run, (at + 1) * run)
    const averaged = (place: 1 | 2 | 3) => round(mean(part.map((point) => point[place])))
    return [part.at(-1)?.[0] ?? 0, averaged(1), averaged(2), averaged(3)]
  })
}
