import { describe, expect, test } from 'vitest'
import { undefinedBecause } from '../../src/core/measured.js'
import { type MetricSpec, metrics } from '../../src/metrics/index.js'
import { corpusValue, metricResult, scoreExample } from '../../src/metrics/score.js'
import { statisticsTable } from '../../src/stats/bootstrap.js'
import { clopperPearson } from '../../src/stats/clopper-pearson.js'

const resultOf = (spec: MetricSpec, rows: readonly (readonly number[])[]) =>
  metricResult(metrics.build(spec), statisticsTable(rows))
const repeated = (row: readonly number[], times: number) => Array.from({ length: times }, () => row)

describe('the interval of a metric', () => {
  test('is exact where each example is right or wrong: 40 of 40', () => {
    const expected = { value: 1, interval: { ...clopperPearson(40, 40, 0.95), method: 'clopper-pearson' } }
    expect(resultOf({ type: 'accuracy' }, repeated([1, 1], 40))).toEqual(expected)
    expect(resultOf({ type: 'exact-match' }, repeated([1, 1], 40))).toEqual(expected)
    const wrong = { value: 0, interval: { ...clopperPearson(0, 40, 0.95), method: 'clopper-pearson' } }
    expect(resultOf({ type: 'wer' }, repeated([0, 1], 40))).toEqual(wrong)
    // An edit rate is a share where each example has one symbol and at most one edit.
    expect(resultOf({ type: 'ser' }, repeated([0, 1], 40))).toEqual(wrong)
  })

  test('is of the share of examples with an error where all resamples are equal, and named so', () => {
    const interval = { ...clopperPearson(0, 40, 0.95), method: 'clopper-pearson-errors' }
    expect(resultOf({ type: 'ser' }, repeated([0, 5], 40))).toEqual({ value: 0, interval })
    const all = { ...clopperPearson(40, 40, 0.95), method: 'clopper-pearson-errors' }
    expect(resultOf({ type: 'ser' }, repeated([5, 5], 40))).toEqual({ value: 1, interval: all })
    expect(resultOf({ type: 'mae' }, repeated([0, 3], 40))).toEqual({ value: 0, interval })
  })

  test('is undefined where nothing is right or wrong and nothing varies', () => {
    const interval = undefinedBecause('all resamples of the examples give the same value')
    expect(resultOf({ type: 'cross-entropy' }, repeated([2, 4], 40))).toEqual({ value: 0.5, interval })
  })

  test('is undefined where too many resamples have no value', () => {
    const found = resultOf({ type: 'cross-entropy' }, [
      [2, 4],
      [0, 0],
      [0, 0],
      [0, 0],
    ])
    expect(found.value).toBe(0.5)
    expect(JSON.stringify(found)).toMatch(/resamples of the examples have no value, more than 5 % \(no token or label/)
  })
})

describe('values that do not exist', () => {
  test.each<[MetricSpec, number[], RegExp]>([
    [{ type: 'cross-entropy' }, [0, 0], /known from training/],
    [{ type: 'perplexity' }, [0, 0], /known from training/],
    [{ type: 'bits-per-character' }, [0, 0], /known from training/],
    [{ type: 'per' }, [3, 0], /references have no phonemes/],
    [{ type: 'cer' }, [3, 0], /references have no characters/],
    [{ type: 'ser' }, [0, 0], /references have no tokens/],
    [{ type: 'macro-f1' }, [0, 0, 0], /have labels/],
    [{ type: 'mase' }, [0, 0, 4], /no scale/],
    [{ type: 'bleu' }, Array(10).fill(0), /have tokens/],
    [{ type: 'chrf', beta: 2 }, Array(18).fill(0), /no characters/],
    [{ type: 'perplexity' }, [1000, 1], /larger than the largest number/],
    [{ type: 'rmse' }, [Number.MAX_VALUE, 1], /larger than the largest number/],
  ])('%j of %j', (spec, sums, reason) => {
    expect(corpusValue(metrics.build(spec), sums)).toEqual({ value: null, reason: expect.stringMatching(reason) })
  })

  test('MASE leaves out the series without a naive error, and says so', () => {
    const mase = metrics.build({ type: 'mase' })
    const values = { reference: [1, 1, 4, 1], predicted: [2, 1, 2, 4], naiveErrors: [2, 0] }
    const row = mase.statistics({ source: [], hypothesis: [], references: [], values })
    // Errors 1 and -2 of series one, over its naive error 2; two numbers of series two are left out.
    expect(row).toEqual([1 / 2 + 2 / 2, 2, 2])
    expect(resultOf({ type: 'mase' }, [row, row])).toMatchObject({
      value: 0.75,
      note: expect.stringMatching(/^without/),
    })
  })

  test('a statistic beyond the largest number stays a number in files', () => {
    const rmse = { name: 'rmse', ...metrics.build({ type: 'rmse' }) }
    const values = { reference: [0], predicted: [1e200], naiveErrors: [1] }
    const { rmse: row } = scoreExample([rmse], { source: [], hypothesis: [], references: [], values })
    expect(row).toEqual([Number.MAX_VALUE, 1])
  })
})
