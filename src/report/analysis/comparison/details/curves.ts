import type { CurvePoint } from '../../../../stats/curve.js'
import { mean } from '../../../../stats/difference.js'
import { curveNames } from '../../../../train/curve-names.js'
import { agree, listed } from '../../../format/grammar.js'
import { metricLookup, metricTitle } from '../../metrics.js'
import type { FoundTrial } from '../read-trial.js'
import type { Curve } from '../types.js'
import type { VariantTrials } from '../variants.js'
import { round } from './round.js'

const pointsKept = 40

/**
 * Each variant's curves: mean, minimum and maximum over seeds at the steps that all seeds have. The curve of a metric that
 * was not computed during training is undefined, with the reason.
 */
export function curvesOfVariants(variants: readonly VariantTrials[]): Curve[] {
  return variants.flatMap(({ id, completed }) => {
    const [first] = completed
    const recorded = Object.keys(first?.curves ?? {})
    const expected = first === undefined || recorded.length === 0 ? [] : curveNames(first.record.spec)
    return [...new Set([...recorded, ...expected])].map((name): Curve => {
      const without = completed.find(({ curves }) => (curves[name] ?? []).length === 0)
      const reason = without === undefined ? null : (addedLater(without, name) ?? 'it was not recorded')
      const seeds = completed.map(({ curves }) => curves[name] ?? [])
      return { variant: id, name, points: thinned(band(seeds)), reason }
    })
  })
}

/** Why a trial has no curve of a metric that its evaluation has; undefined where that is no such metric. */
export function addedLater({ record, curves }: FoundTrial, name: string): string | undefined {
  const recorded = Object.keys(curves).filter((curve) => metricLookup([])(curve) !== undefined)
  if (recorded.length === 0 || !record.spec.metrics.some(({ type }) => type === name)) return undefined
  const were = `${listed(recorded.map(metricTitle))} ${agree(recorded.length, 'was', 'were')}`
  return `it was not computed during training (${were}): the metric was added later`
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
