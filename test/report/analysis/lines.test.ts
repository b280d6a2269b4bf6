import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { curvesOf, testOutputs, testStatistics } from '../../../src/report/analysis/comparison/lines.js'
import type { PredictionLine } from '../../../src/train/types.js'

const line = (more: Partial<PredictionLine>): string => {
  const base: PredictionLine = {
    ...{ split: 'test', index: 0, source: ['a'], references: [['x']], hypothesis: ['x'], score: -1 },
    statistics: { per: [0, 1], wer: [1, 1] },
    ...more,
  }
  return JSON.stringify(base)
}
const text = (...lines: readonly Partial<PredictionLine>[]) => lines.map((one) => `${line(one)}\n`).join('')

describe('testStatistics', () => {
  it('cuts the statistics of the test examples out of the lines, in their order', () => {
    const tables = testStatistics(
      text(
        { statistics: { per: [1, 2] } },
        { split: 'dev', statistics: { per: [9, 9] } },
        { statistics: { per: [3, 4] } },
      ),
    )
    expect(Object.keys(tables)).toEqual(['per'])
    expect(tables.per).toEqual({ data: Float64Array.of(1, 2, 3, 4), examples: 2, width: 2 })
  })

  it('reads every metric, and is not misled by tokens that look like keys', () => {
    const tables = testStatistics(text({ source: ['"statistics":{"per":[7]}', '}'] }))
    expect(tables.per?.data).toEqual(Float64Array.of(0, 1))
    expect(tables.wer?.data).toEqual(Float64Array.of(1, 1))
  })

  it('is empty without test examples, or without statistics', () => {
    expect(testStatistics('')).toEqual({})
    expect(testStatistics(text({ split: 'dev' }))).toEqual({})
    expect(testStatistics('{"split":"test","index":0}\n')).toEqual({})
  })
})

describe('testOutputs', () => {
  it('counts outputs of the test split that are as long as the limit', () => {
    const outputs = (...lengths: readonly number[]) =>
      text(...lengths.map((length) => ({ hypothesis: Array<string>(length).fill('x') })))
    expect(testOutputs(outputs(3, 4, 5, 0), 4)).toEqual({ split: 'test', outputs: 4, endless: 2 })
    expect(testOutputs(outputs(3, 3), 4)).toEqual({ split: 'test', outputs: 2, endless: 0 })
    expect(testOutputs(outputs(3, 40, 39), 40)).toEqual({ split: 'test', outputs: 3, endless: 1 })
    expect(testOutputs('', 4)).toEqual({ split: 'test', outputs: 0, endless: 0 })
    expect(testOutputs(text({ split: 'dev', hypothesis: ['x', 'x'] }), 2).outputs).toBe(0)
  })

  it('counts symbols, not characters: long or empty ones, with quotes and brackets', () => {
    const hypothesis = ['"],"score":', 'Donaudampfschifffahrtsgesellschaft']
    expect(testOutputs(text({ hypothesis }), 3).endless).toBe(0)
    expect(testOutputs(text({ hypothesis }), 2).endless).toBe(1)
    expect(testOutputs(text({ hypothesis: Array<string>(20).fill('') }), 20).endless).toBe(1)
  })

  it('does not depend on the order of the keys', () => {
    const turned =
      '{"split":"test","index":0,"source":[],"references":[],"score":0,"statistics":{},"hypothesis":["a","b"]}'
    expect(testOutputs(turned, 2).endless).toBe(1)
    expect(testOutputs(turned, 3).endless).toBe(0)
  })
})

describe('curvesOf', () => {
  it('has points by curve, and counts those without a value with the first reason', () => {
    const train = { kind: 'train', epoch: 0, gradientNorm: 1, learningRate: 0.1 } as const
    const [first, second] = [undefinedBecause('no token'), undefinedBecause('no label')]
    const { curves, gaps } = curvesOf([
      { ...train, step: 1, loss: 4 },
      { ...train, step: 2, loss: first },
      { ...train, step: 3, loss: second },
      { kind: 'validation', step: 3, loss: 2, metrics: { per: 0.5, wer: first }, best: true, copiesDistance: 7 },
    ])
    expect(curves).toEqual({
      'training-loss': [[1, 4]],
      'validation-loss': [[3, 2]],
      per: [[3, 0.5]],
      wer: [],
      'copies-distance': [[3, 7]],
    })
    expect(gaps).toEqual({ 'training-loss': { points: 2, reason: 'no token' }, wer: { points: 1, reason: 'no token' } })
  })
})
