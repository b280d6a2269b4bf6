import { describe, expect, it } from 'vitest'
import {
  addLine,
  bestOnDev,
  emptyHistory,
  gradientCurve,
  type RunHistory,
  rateCurve,
} from '../../../../src/report/analysis/running/history.js'
import { addPoint, emptyCurve, pointsSince, type Thinned } from '../../../../src/report/analysis/running/thinned.js'
import type { CurvePoint } from '../../../../src/stats/curve.js'
import type { MetricsLine } from '../../../../src/train/types.js'

const train = (step: number, more: Partial<Extract<MetricsLine, { kind: 'train' }>> = {}): MetricsLine => ({
  ...{ kind: 'train', step, epoch: 0, loss: 2, gradientNorm: 0.5, learningRate: 0.01, tokens: 10 },
  ...more,
})
const validation = (step: number, per: number, best: boolean): MetricsLine => ({
  ...{ kind: 'validation', step, loss: 1, metrics: { per, wer: 0.9 }, best },
})
const historyOf = (...lines: readonly MetricsLine[]): RunHistory => {
  const history = emptyHistory()
  for (const line of lines) addLine(history, line, 1)
  return history
}
const pointsOf = (history: RunHistory, name: string) => {
  const curve = history.curves.get(name)
  return curve === undefined ? undefined : pointsSince(curve, 0).points
}

describe('a history', () => {
  it('knows the last step, the last training loss, and the pass that was over with its step', () => {
    const history = historyOf(train(10), train(20, { epoch: 1, loss: 3 }), train(30, { epoch: 1, loss: 1 }))
    expect([history.step, history.loss, history.epochs, history.epochStep]).toEqual([30, 1, 1, 20])
    // An attempt that goes on from a checkpoint writes steps again.
    addLine(history, train(25, { epoch: 1 }), 1)
    expect([history.step, history.loss]).toEqual([30, 2])
    expect(emptyHistory()).toEqual({ curves: new Map(), step: 0, epochs: 0, epochStep: 0 })
  })

  it('has the curves of training and of dev, without what is no number', () => {
    const nothing = { value: null, reason: 'nothing was trained on' }
    const history = historyOf(
      train(10, { loss: nothing, gradientNorm: Number.POSITIVE_INFINITY }),
      train(20),
      validation(20, 0.4, true),
      { kind: 'average', step: 20, validations: 2, loss: 0.1, metrics: { per: 0.1 }, best: true },
    )
    expect(pointsOf(history, 'training-loss')).toEqual([[20, 2]])
    expect(pointsOf(history, gradientCurve)).toEqual([[20, 0.5]])
    expect(pointsOf(history, rateCurve)).toEqual([
      [10, 0.01],
      [20, 0.01],
    ])
    expect(pointsOf(history, 'per')).toEqual([[20, 0.4]])
    expect([...history.curves.keys()].toSorted()).toEqual([
      ...['gradient-norm', 'learning-rate', 'per', 'training-loss', 'validation-loss', 'wer'],
    ])
  })

  it('keeps the best validation beside the last one', () => {
    const history = historyOf(validation(10, 0.4, true), validation(20, 0.5, false))
    expect([history.best?.step, history.last?.step]).toEqual([10, 20])
    expect(bestOnDev(history, 'wer')).toEqual({ metric: 'wer', value: 0.9 })
    expect(bestOnDev(history, undefined)).toEqual({ metric: 'per', value: 0.4 })
    expect(bestOnDev(history, 'bleu')).toBeUndefined()
    expect(bestOnDev(emptyHistory(), 'per')).toBeUndefined()
    expect(bestOnDev(emptyHistory(), undefined)).toBeUndefined()
  })
})

describe('a thinned curve', () => {
  const thinned = (values: readonly number[], capacity: number): Thinned => {
    const curve = emptyCurve()
    for (const [at, value] of values.entries()) addPoint(curve, [at + 1, value], at + 1, capacity)
    return curve
  }
  const points = (curve: Thinned, version = 0): readonly CurvePoint[] => pointsSince(curve, version).points

  it('has every point while there is room', () => {
    expect(points(thinned([5, 4, 6], 4))).toEqual([
      [1, 5],
      [2, 4],
      [3, 6],
    ])
  })

  it('joins neighbours where there is none: the lowest and the highest of each two, then of each four', () => {
    // The fourth point fills it: (5, 4) and (6, 3) become a bucket each; 9 and 9 the next one.
    const four = thinned([5, 4, 6, 3], 4)
    expect(four.stride).toBe(2)
    expect(four.buckets.map(({ end, version }) => [end, version])).toEqual([
      [2, 2],
      [4, 4],
    ])
    expect(points(thinned([5, 4, 6, 3, 9, 9], 4)).slice(4)).toEqual([
      [5, 9],
      [6, 9],
    ])
    // The eighth fills it again: of 5, 4, 6, 3 the highest and the lowest stay, of 9, 9, 2, 7 the first 9 and 2.
    const eight = thinned([5, 4, 6, 3, 9, 9, 2, 7], 4)
    expect(eight.stride).toBe(4)
    expect(points(eight)).toEqual([
      [3, 6],
      [4, 3],
      [5, 9],
      [7, 2],
      [8, 7],
    ])
    expect(eight.buckets).toHaveLength(2)
  })

  it('says what is new since a version, after which step', () => {
    const curve = thinned([5, 4, 6], 4)
    expect(pointsSince(curve, 2)).toEqual({ after: 2, points: [[3, 6]] })
    expect(pointsSince(curve, 3)).toEqual({ after: 3, points: [] })
    expect(pointsSince(curve, 0).after).toBe(-1)
    expect(pointsSince(emptyCurve(), 0)).toEqual({ after: -1, points: [] })
    // A fifth point is in no bucket yet: two make one.
    expect(pointsSince(thinned([5, 4, 6, 3, 8], 4), 4)).toEqual({ after: 4, points: [[5, 8]] })
    // Joined buckets are as new as the later of the two.
    expect(pointsSince(thinned([5, 4, 6, 3], 4), 3)).toEqual({
      after: 2,
      points: [
        [3, 6],
        [4, 3],
      ],
    })
  })
})
