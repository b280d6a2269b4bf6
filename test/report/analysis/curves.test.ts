import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { curvesOfVariants } from '../../../src/report/analysis/comparison/details/curves.js'
import { curvesOf } from '../../../src/report/analysis/comparison/lines.js'
import { thinnedCurve } from '../../../src/report/analysis/trial/curves.js'
import type { CurvePoint } from '../../../src/stats/curve.js'
import type { MetricsLine } from '../../../src/train/types.js'
import { madeUpTrial } from '../made-up.js'

const flat = (length: number) => Array.from({ length }, (_, at): CurvePoint => [at + 1, 1])
const spiked = (length: number, at: number, value: number) => flat(length).with(at, [at + 1, value])

describe("a trial's curve that is too long to draw", () => {
  it('keeps its lowest and highest points at their own steps, and its ends', () => {
    for (const at of [0, 1, 250, 498, 499]) {
      for (const peak of [9, -9]) {
        const { points, window } = thinnedCurve(spiked(500, at, peak), 240)
        expect(points).toContainEqual([at + 1, peak])
        expect(points[0]?.[0]).toBe(1)
        expect(points.at(-1)?.[0]).toBe(500)
        expect(points.length).toBeLessThanOrEqual(240)
        expect(window).toBe(5)
      }
    }
  })

  it('is drawn whole where there is room', () => {
    expect(thinnedCurve(flat(240), 240)).toEqual({ points: flat(240), window: 1 })
    expect(thinnedCurve([], 240)).toEqual({ points: [], window: 1 })
  })

  it('is drawn in the order of its steps', () => {
    const points = Array.from({ length: 1000 }, (_, at): CurvePoint => [at, Math.sin(at)])
    const steps = thinnedCurve(points, 100).points.map(([x]) => x)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    expect(new Set(steps).size).toBe(steps.length)
  })
})

describe("variants' curves", () => {
  const lines = (points: readonly CurvePoint[]): MetricsLine[] =>
    points.map(([step, loss]) => ({ kind: 'train', step, epoch: 0, loss, gradientNorm: 1, learningRate: 0.1 }))
  const variantOf = (...seeds: readonly (readonly MetricsLine[])[]) => ({
    id: 'v1',
    label: 'gru',
    settings: {},
    unfinished: [],
    completed: seeds.map((of, at) => ({
      ...madeUpTrial({ seed: at + 1, examples: 4, steps: 10 }),
      ...{
        directory: '',
        names: [],
        statistics: {},
        validated: [{ name: 'per', spec: { type: 'per' as const } }],
        lines: { metrics: '', predictions: '' },
      },
      ...curvesOf(of),
    })),
  })
  const curveOf = (name: string, ...seeds: readonly (readonly MetricsLine[])[]) =>
    curvesOfVariants([variantOf(...seeds)]).find((curve) => curve.name === name)

  it('keep the lowest and the highest value of each window, of any seed', () => {
    const curve = curveOf('training-loss', lines(flat(400)), lines(spiked(400, 123, 7)))
    expect(curve?.window).toBe(10)
    expect(curve?.points).toHaveLength(40)
    expect(curve?.points[11]).toEqual([120, 1, 1, 1])
    expect(curve?.points[12]).toEqual([130, 1.3, 1, 7])
  })

  it('have the reason where they have no values, or not all of them', () => {
    const validation = (step: number, per: number | ReturnType<typeof undefinedBecause>): MetricsLine => ({
      ...{ kind: 'validation', step, loss: 1, metrics: { per }, best: false },
    })
    const nothing = undefinedBecause('there is no scored token')
    const of = (...values: readonly (number | typeof nothing)[]) => values.map((per, at) => validation(at + 1, per))
    expect(curveOf('per', of(nothing, nothing))).toMatchObject({ points: [], reason: 'there is no scored token' })
    expect(curveOf('per', of(0.5, nothing), of(0.5, 0.4))).toMatchObject({
      points: [[1, 0.5, 0.5, 0.5]],
      reason: 'undefined at 1 point of seed 1: there is no scored token',
    })
    expect(curveOf('per', of(0.5, nothing), of(nothing, 0.4))?.reason).toBe(
      'there is no step at which all seeds have a value',
    )
    expect(curveOf('per', of(0.5), of(0.4))?.reason).toBeNull()
  })
})
