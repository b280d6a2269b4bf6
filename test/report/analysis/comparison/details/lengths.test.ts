import { expect, test } from 'vitest'
import { undefinedBecause } from '../../../../../src/core/measured.js'
import { sameValue } from '../../../../../src/metrics/score.js'
import { lengthCurve } from '../../../../../src/report/analysis/comparison/details/lengths.js'
import { metricLookup } from '../../../../../src/report/analysis/metrics.js'
import { statisticsTable } from '../../../../../src/stats/bootstrap.js'
import { foundTrial } from '../../../found.js'

const settings = { seed: 1, resamples: 1000 }

type Rows = readonly (readonly number[])[]

/** In the only bin, of sources of one length: a variant whose seeds have these rows of statistics. */
function resultOf(...seeds: readonly Rows[]) {
  const per = metricLookup([{ type: 'per' }])('per')
  if (per === undefined) throw new Error('per is known')
  const completed = seeds.map((rows, at) => ({
    ...foundTrial({ seed: at + 1 }),
    statistics: { per: statisticsTable(rows) },
  }))
  const lengths = Array<number>(seeds[0]?.length ?? 0).fill(3)
  const variant = { id: 'v1', label: 'a', settings: {}, unfinished: [], completed }
  return lengthCurve([variant], per, lengths, settings).variants[0]?.values[0]
}

function only(...seeds: readonly Rows[]) {
  const result = resultOf(...seeds)
  if (!result || !('interval' in result) || !('low' in result.interval)) throw new Error('an interval')
  return { value: result.value, ...result.interval }
}

test('values and intervals have six digits', () => {
  // Of 7 examples in 11 tokens each: multiples of 1 / 77, none of which is short.
  const rows = Array.from({ length: 7 }, (_, at) => [at, 11])
  for (const { value, low, high } of [only(rows), only(rows, rows)]) {
    // 0 + 1 + ... + 6 = 21 of 77.
    expect(value).toBe(0.272727)
    expect([low, high].map((end) => end === Number(end.toPrecision(6)))).toEqual([true, true])
    expect(0 < low && low < value && value < high && high < 1).toBe(true)
  }
})

test('resamples without a value are left out, and counted', () => {
  // Four of twenty examples have tokens: 0.8 ** 20 = 1.2 % of a thousand resamples have none of them.
  const rows = Array.from({ length: 20 }, (_, at) => (at < 4 ? [at, 10] : [0, 0]))
  for (const interval of [only(rows), only(rows, rows)]) {
    expect(interval.undefinedResamples).toBeGreaterThan(2)
    expect(interval.undefinedResamples).toBeLessThan(30)
    // The most that can be drawn is the example with 3 errors alone.
    expect(interval.high).toBeLessThanOrEqual(0.3)
    expect(interval.high).toBeGreaterThan(0.2)
  }
})

test('one trained model without an error has the interval of the share of examples with one', () => {
  const rows = Array.from({ length: 20 }, () => [0, 10])
  // Where p is the share, none of twenty is in (1 - p) ** 20 of all cases: 2.5 % at 1 - 0.025 ** (1 / 20).
  expect(only(rows)).toMatchObject({ value: 0, low: 0, high: 0.168433, method: 'clopper-pearson-errors' })
  expect(resultOf(rows, rows)).toEqual({ value: 0, interval: undefinedBecause(sameValue) })
})

test('a single example has a value', () => {
  expect(resultOf([[1, 10]])?.value).toBe(0.1)
})
