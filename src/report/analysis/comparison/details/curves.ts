import type { CurvePoint } from '../../../../stats/curve.js'
import { mean } from '../../../../stats/difference.js'
import { curveNames } from '../../../../train/curve-names.js'
import { agree, counted, listed } from '../../../format/grammar.js'
import { metricLookup, metricTitle } from '../../metrics.js'
import { curveName, recordedName, testName } from '../measures.js'
import type { FoundTrial } from '../read-trial.js'
import type { Curve } from '../types.js'
import type { VariantTrials } from '../variants.js'
import { round } from './round.js'

const pointsKept = 40

/**
 * Each variant's curves: mean, minimum and maximum over seeds at the steps that all seeds have. Where a curve has no values,
 * or not at all of its steps, it has the reason.
 */
export function curvesOfVariants(variants: readonly VariantTrials[]): Curve[] {
  return variants.flatMap(({ id, completed }) => {
    const [first] = completed
    const recorded = [...new Set(completed.flatMap(({ curves }) => Object.keys(curves)))]
    const expected = first === undefined || recorded.length === 0 ? [] : curvesExpected(first)
    return [...new Set([...recorded, ...expected])].map((name): Curve => {
      const { points, window } = thinned(band(completed.map(({ curves }) => curves[name] ?? [])))
      return { variant: id, name, points, window, reason: whyUndefined(completed, name, points.length === 0) }
    })
  })
}

/** What metrics that are evaluated alone would be called if they had a curve. */
function curvesExpected(trial: FoundTrial): string[] {
  const evaluated = new Set(trial.record.spec.metrics.map(({ type }): string => type))
  return curveNames(trial.record.spec).map((name) =>
    evaluated.has(name) ? testName(trial, name) : curveName(trial, name),
  )
}

/** Why a curve has no points, or not all of them. */
function whyUndefined(completed: readonly FoundTrial[], name: string, isEmpty: boolean): string | null {
  const without = completed.find(({ curves }) => (curves[name] ?? []).length === 0)
  if (without !== undefined) return whyNoCurve(without, name) ?? 'it was not recorded'
  if (isEmpty) return 'there is no step at which all seeds have a value'
  const partly = completed.find(({ gaps }) => gaps[name] !== undefined)
  const { points = 0, reason = '' } = partly?.gaps[name] ?? {}
  if (partly === undefined) return null
  return `undefined at ${counted(points, 'point')} of seed ${partly.record.seed}: ${reason}`
}

/** Why a trial has no value of a curve; undefined where nothing is known of it. */
export function whyNoCurve(trial: FoundTrial, name: string): string | undefined {
  const { record, curves, gaps } = trial
  const gap = gaps[name]
  if (gap !== undefined) return gap.reason
  const recorded = Object.keys(curves).filter((curve) => metricLookup([])(recordedName(trial, curve)) !== undefined)
  if (recorded.length === 0 || !record.spec.metrics.some(({ type }) => testName(trial, type) === name)) return undefined
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

/**
 * At most `pointsKept` points, each of a window of neighbours: its last step, the mean of their means, their lowest and their
 * highest value, so that a peak stays in the band that is drawn.
 */
function thinned(points: readonly BandPoint[]): { points: BandPoint[]; window: number } {
  const window = Math.max(1, Math.ceil(points.length / pointsKept))
  const parts = Array.from({ length: Math.ceil(points.length / window) }, (_, at) =>
    points.slice(at * window, (at + 1) * window),
  )
  return { points: parts.map(summary), window }
}

function summary(part: readonly BandPoint[]): BandPoint {
  const values = (place: 1 | 2 | 3) => part.map((point) => point[place])
  return [part.at(-1)?.[0] ?? 0, round(mean(values(1))), round(Math.min(...values(2))), round(Math.max(...values(3)))]
}
