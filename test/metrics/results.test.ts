import { describe, expect, test } from 'vitest'
import { undefinedBecause } from '../../src/core/measured.js'
import { type MetricSpec, metrics } from '../../src/metrics/index.js'
import { buildMetrics, corpusResults, corpusValue, metricResult, scoreExample } from '../../src/metrics/score.js'
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
    expect(resultOf({ type: 'mae', of: 'values' }, repeated([0, 3], 40))).toEqual({ value: 0, interval })
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

describe('the 95 % interval by bootstrap', () => {
  // 50 of 200 examples with two errors in two tokens: resampled errors are 2 binomial(200, 0.25). SciPy 1.17.1's binom.ppf
  // gives 38 at 2.5 % and 62 at 97.5 %; 40 and 60 at 5 and 95 %.
  const rows = Array.from({ length: 200 }, (_, at) => [at % 4 === 0 ? 2 : 0, 2])
  const ser = metrics.build({ type: 'ser' })

  test('has the 2.5th and the 97.5th percentile for its ends', () => {
    const found = metricResult(ser, statisticsTable(rows), { seed: 1, resamples: 20_000 })
    const { value, interval } = estimateOf200(found)
    expect(value).toBe(0.25)
    expect(interval).toEqual([38, 62])
  })

  test('is of 1,000 resamples with seed 1, without being asked', () => {
    const mae = metrics.build({ type: 'mae', of: 'values' })
    const table = statisticsTable(Array.from({ length: 30 }, (_, at) => [Math.sqrt(at), 1]))
    const usual = metricResult(mae, table)
    expect(usual).toEqual(metricResult(mae, table, { seed: 1, resamples: 1000 }))
    expect(usual).not.toEqual(metricResult(mae, table, { seed: 2, resamples: 1000 }))
    expect(usual).not.toEqual(metricResult(mae, table, { seed: 1, resamples: 1001 }))
    expect(usual).toMatchObject({ interval: { method: 'bootstrap' } })
    expect(Object.keys(usual)).toEqual(['value', 'interval'])
  })

  test('is not exact where an example has two things, or two errors in one', () => {
    const method = (row: readonly number[]) =>
      resultOf({ type: 'ser' }, [...repeated([0, 1], 20), ...repeated(row, 20)])
    expect(method([1, 1])).toMatchObject({ value: 0.5, interval: { method: 'clopper-pearson' } })
    expect(method([2, 1])).toMatchObject({ value: 1, interval: { method: 'bootstrap' } })
    expect(method([1, 2])).toMatchObject({ value: 1 / 3, interval: { method: 'bootstrap' } })
  })

  function estimateOf200(result: ReturnType<typeof metricResult>) {
    if (result.value === null || 'reason' in result.interval) throw new Error('there is no interval')
    const { low, high } = result.interval
    return { value: result.value, interval: [low * 200, high * 200].map(Math.round) }
  }
})

describe('an example has an error', () => {
  const labels = ['a', 'b', 'c', 'd', 'x']
  const forecast = (predicted: number) => ({ reference: [1, 2], predicted: [predicted, 2], naiveErrors: [1] })
  /** Of 40 equal examples, how many have an error, by the exact interval of that share. */
  const wrongOf40 = (type: string, hypothesis: string, predicted = 1) => {
    const spec = { ...{ beta: 2, scheme: 'auto', count: 'conlleval', outside: 'O' }, type } as MetricSpec
    const example = {
      ...{ source: [], labels, joiner: ' ', references: [['a', 'b', 'c', 'd', 'd']], values: forecast(predicted) },
      hypothesis: hypothesis.split(' '),
    }
    const result = resultOf(spec, repeated(metrics.build(spec).statistics(example), 40))
    if (result.value === null || 'reason' in result.interval) return undefined
    const [none, all] = [clopperPearson(0, 40, 0.95), clopperPearson(40, 40, 0.95)]
    const { high, method } = result.interval
    if (method !== 'clopper-pearson-errors') return method
    return high === none.high ? 0 : high === all.high ? 40 : undefined
  }

  test.each(['per', 'ser', 'cer', 'token-accuracy', 'bleu', 'chrf', 'macro-f1', 'slot-f1'])(
    '%s: one wrong, missing or surplus token is enough',
    (type) => {
      const tried = ['a b c d d', 'a b c d x', 'a b c d', 'a b c d d x', 'b a c d d'].map((hypothesis) =>
        wrongOf40(type, hypothesis),
      )
      expect(tried).toEqual([0, 40, 40, 40, 40])
    },
  )

  test.each(['mae', 'rmse', 'mase'])('%s: any difference is enough', (type) => {
    expect([1, 1.5, 0.5].map((predicted) => wrongOf40(type, 'a', predicted))).toEqual([0, 40, 40])
  })

  test.each(['accuracy', 'exact-match', 'wer'])('%s: each example is right or wrong', (type) => {
    expect([wrongOf40(type, 'a b c d d'), wrongOf40(type, 'a b c d')]).toEqual(['clopper-pearson', 'clopper-pearson'])
  })

  test.each(['per', 'ser', 'cer', 'token-accuracy'])('%s: is exact where each example is one thing', (type) => {
    const rows = [...repeated([1, 1], 10), ...repeated([0, 1], 30)]
    expect(resultOf({ type } as MetricSpec, rows)).toEqual({
      value: 0.25,
      interval: { ...clopperPearson(10, 40, 0.95), method: 'clopper-pearson' },
    })
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
    [{ type: 'bleu', tokenize: 'none', smooth: 'exp', lowercase: false }, Array(10).fill(0), /have tokens/],
    [{ type: 'chrf', beta: 2, wordOrder: 0, lowercase: false }, Array(18).fill(0), /no characters/],
    [{ type: 'perplexity' }, [1000, 1], /larger than the largest number/],
    [{ type: 'rmse', of: 'values' }, [Number.MAX_VALUE, 1], /larger than the largest number/],
    [{ type: 'rmse', of: 'values' }, [1e-320, 1], /smaller than numbers can be/],
    [{ type: 'mse', of: 'values' }, [Number.MIN_VALUE, 1], /smaller than numbers can be/],
    // Half of the smallest number that has all its digits.
    [{ type: 'mse', of: 'values' }, [2 ** -1023 * 1.5, 1], /smaller than numbers can be/],
  ])('%j of %j', (spec, sums, reason) => {
    expect(corpusValue(metrics.build(spec), sums)).toEqual({ value: null, reason: expect.stringMatching(reason) })
  })

  test('are results without an interval', () => {
    expect(resultOf({ type: 'per' }, [[3, 0]])).toEqual(undefinedBecause('the references have no phonemes'))
    expect(resultOf({ type: 'rmse', of: 'values' }, [[Number.MAX_VALUE, 1]])).toEqual(
      undefinedBecause('a sum that it is made of is larger than the largest number (1.8e+308)'),
    )
  })

  test('errors whose squares are smaller than the smallest number are no perfect forecast', () => {
    const rmse = metrics.build({ type: 'rmse', of: 'values' })
    const rowOf = (predicted: number) =>
      rmse.statistics({
        source: [],
        hypothesis: [],
        references: [],
        values: { reference: [0], predicted: [predicted] },
      })
    expect(rowOf(0)).toEqual([0, 1])
    expect(rowOf(1e-170)).toEqual([Number.MIN_VALUE, 1])
    expect(corpusValue(rmse, rowOf(0))).toBe(0)
    expect(corpusValue(rmse, rowOf(1e-170))).toMatchObject({ value: null })
    expect(corpusValue(rmse, rowOf(1e-150))).toBeCloseTo(1e-150, 160)
    expect(corpusValue(rmse, [2 ** -1022, 1])).toBe(2 ** -511)
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
    const rmse = { name: 'rmse', ...metrics.build({ type: 'rmse', of: 'values' }) }
    const values = { reference: [0], predicted: [1e200], naiveErrors: [1] }
    const { rmse: row } = scoreExample([rmse], { source: [], hypothesis: [], references: [], values })
    expect(row).toEqual([Number.MAX_VALUE, 1])
    const odd = { ...rmse, statistics: () => [Number.NEGATIVE_INFINITY, Number.NaN, -3] }
    const { rmse: others } = scoreExample([odd], { source: [], hypothesis: [], references: [] })
    expect(others).toEqual([-Number.MAX_VALUE, Number.NaN, -3])
    expect(corpusValue(rmse, [-Number.MAX_VALUE, 1])).toMatchObject({ value: null })
  })

  test('no examples have no results', () => {
    expect(corpusResults(buildMetrics([{ type: 'ser' }]), [])).toEqual({})
    const one = corpusResults(buildMetrics([{ type: 'ser' }]), [{ ser: [1, 4] }, { ser: [1, 4] }])
    expect(one).toMatchObject({ ser: { value: 0.25 } })
  })
})
