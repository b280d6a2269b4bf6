import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Measured, quotient, undefinedBecause } from '../../src/core/measured.js'
import { randomStream } from '../../src/core/random.js'
import {
  drawCounts,
  isConstant,
  percentileInterval,
  resampledValues,
  statisticsOfExamples,
  statisticsTable,
  totals,
  weightedSums,
} from '../../src/stats/bootstrap.js'
import { quantile } from '../../src/stats/quantile.js'

const ratio = ([errors = 0, length = 0]: readonly number[]) => quotient(errors, length, 'no length')
const settings = { seed: 1, resamples: 1000, level: 0.95 }
type Rows = readonly (readonly number[])[]

const resampled = (rows: Rows, value: (sums: readonly number[]) => Measured, options: typeof settings) =>
  resampledValues(statisticsTable(rows), value, options)
const bootstrapInterval = (rows: Rows, value: (sums: readonly number[]) => Measured, options: typeof settings) => {
  const interval = percentileInterval(resampled(rows, value, options), options.level)
  if ('reason' in interval) throw new Error(interval.reason)
  return interval
}

describe('quantile', () => {
  it('is linear between neighbours', () => {
    // k = 3 · 0.9 = 2.7, so 4 + 0.7 · (8 − 4) = 6.8.
    const shares = [0, 0.25, 0.5, 0.9, 1]
    const expected = [1, 1.75, 3, 6.8, 8]
    const found = shares.map((share) => Math.round(quantile([1, 2, 4, 8], share) * 1e9) / 1e9)
    expect(found).toEqual(expected)
    expect(() => quantile([], 0.5)).toThrow(RangeError)
  })
})

describe('sums of resamples', () => {
  const table = statisticsTable([
    [1, 10],
    [0, 20],
    [5, 30],
  ])

  it('are weighted by how often each example was drawn', () => {
    expect(totals(table)).toEqual([6, 60])
    expect(weightedSums(table, Int32Array.from([2, 0, 1]), [0, 0])).toEqual([7, 50])
  })

  it('keep each example apart until then', () => {
    expect(table).toMatchObject({ examples: 3, width: 2 })
    expect(statisticsOfExamples(table)).toEqual([
      [1, 10],
      [0, 20],
      [5, 30],
    ])
  })

  it('draw example ⌊u n⌋ for each uniform number u', () => {
    const [random, same] = [randomStream(5, 'test'), randomStream(5, 'test')]
    const expected = new Int32Array(7)
    for (let draw = 0; draw < 7; draw++) {
      const drawn = Math.floor(same.uniform() * 7)
      expected[drawn] = (expected[drawn] ?? 0) + 1
    }
    expect(drawCounts(random, 7, new Int32Array(7).fill(9))).toEqual(expected)
  })

  it('draw as many examples as there are, each as often as any other', () => {
    const random = randomStream(3, 'test')
    const drawn = new Array<number>(5).fill(0)
    const counts = new Int32Array(5)
    for (let turn = 0; turn < 4000; turn++) {
      drawCounts(random, 5, counts)
      expect(counts.reduce((sum, count) => sum + count)).toBe(5)
      counts.forEach((count, example) => {
        drawn[example] = (drawn[example] ?? 0) + count
      })
    }
    for (const count of drawn) expect(Math.abs(count - 4000)).toBeLessThan(4 * Math.sqrt(4000))
  })
})

describe('bootstrapInterval', () => {
  it('reaches from the 2.5th to the 97.5th percentile of the resampled values', () => {
    // Resampled errors of 50 in 200 examples are binomial(200, 0.25): SciPy 1.17.1's binom.ppf gives 38 at 2.5 % and 62 at
    // 97.5 % (40 and 60 at 5 and 95 %, so that a bound at another percentile shows), here 20,000 resamples.
    const rows = Array.from({ length: 200 }, (_, example) => [example % 4 === 0 ? 1 : 0, 1])
    const { low, high } = bootstrapInterval(rows, ratio, { ...settings, resamples: 20_000 })
    expect([low * 200, high * 200].map(Math.round)).toEqual([38, 62])
    const ninety = bootstrapInterval(rows, ratio, { seed: 1, resamples: 20_000, level: 0.9 })
    expect([ninety.low * 200, ninety.high * 200].map(Math.round)).toEqual([40, 60])
  })

  it('is a point where nothing varies', () => {
    const rows = [
      [2, 8],
      [2, 8],
      [2, 8],
    ]
    expect(bootstrapInterval(rows, ratio, settings)).toEqual({ low: 0.25, high: 0.25, method: 'bootstrap' })
    expect(isConstant(resampled(rows, ratio, settings))).toBe(true)
    expect(isConstant(resampled([...rows, [3, 8]], ratio, settings))).toBe(false)
    // Sums of 0.1 differ in their last bits from draw to draw; that is no spread.
    const tenths = Array.from({ length: 30 }, (_, at) => [0.1 * (1 + (at % 3)), 0.7 * (1 + (at % 3))])
    expect(isConstant(resampled(tenths, ratio, settings))).toBe(true)
  })

  it('is the same for the same seed and moves with another', () => {
    const rows = Array.from({ length: 50 }, (_, example) => [example % 7, 10])
    expect(bootstrapInterval(rows, ratio, settings)).toEqual(bootstrapInterval(rows, ratio, settings))
    expect(bootstrapInterval(rows, ratio, settings)).not.toEqual(
      bootstrapInterval(rows, ratio, { ...settings, seed: 2 }),
    )
  })

  it('covers the true mean about as often as it says', () => {
    const random = randomStream(11, 'test')
    let covered = 0
    for (let study = 0; study < 300; study++) {
      const rows = Array.from({ length: 60 }, () => [random.normal(), 1])
      const { low, high } = bootstrapInterval(rows, ratio, { seed: study, resamples: 300, level: 0.9 })
      if (low <= 0 && 0 <= high) covered++
    }
    expect(covered / 300).toBeGreaterThan(0.84)
    expect(covered / 300).toBeLessThan(0.94)
  })

  it('lies between the smallest and the largest example, for a mean', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (numbers) => {
          const rows = numbers.map((number) => [number, 1])
          const { low, high } = bootstrapInterval(rows, ratio, { seed: 5, resamples: 50, level: 0.95 })
          const slack = 1e-9 + 1e-12 * Math.max(...numbers.map(Math.abs))
          expect(low).toBeLessThanOrEqual(high)
          expect(low).toBeGreaterThanOrEqual(Math.min(...numbers) - slack)
          expect(high).toBeLessThanOrEqual(Math.max(...numbers) + slack)
        },
      ),
      { seed: 7 },
    )
  })

  it('counts resamples without a value, and is undefined above 5 % of them', () => {
    // Of two examples one has no length: a quarter of the resamples are that one twice.
    const two = percentileInterval(
      resampled(
        [
          [0, 0],
          [1, 1],
        ],
        ratio,
        settings,
      ),
      0.95,
    )
    const reason = 'reason' in two ? two.reason : ''
    expect(reason).toMatch(/^2\d\d of 1000 resamples of the examples have no value, more than 5 % \(no length\)$/)
    // Three of four: (1/4)^4 = 0.4 %.
    const four = bootstrapInterval(
      [
        [0, 0],
        [1, 4],
        [2, 4],
        [3, 4],
      ],
      ratio,
      settings,
    )
    expect(four.undefinedResamples).toBeGreaterThan(0)
    expect(four.undefinedResamples).toBeLessThan(12)
    expect([four.low, four.high].every(Number.isFinite)).toBe(true)
  })

  it('draws the line at 5 %: 50 of 1,000 are left out, 51 leave no interval', () => {
    const sorted = Float64Array.from({ length: 950 }, (_, at) => at)
    const at = (undefinedResamples: number) => percentileInterval({ sorted, undefinedResamples, reason: 'why' }, 0.95)
    expect(at(50)).toEqual({
      low: expect.closeTo(949 * 0.025, 9),
      high: expect.closeTo(949 * 0.975, 9),
      method: 'bootstrap',
      undefinedResamples: 50,
    })
    const all = percentileInterval({ sorted, undefinedResamples: 0 }, 0.95)
    expect(Object.keys(all)).toEqual(['low', 'high', 'method'])
    expect(at(51)).toEqual(undefinedBecause('51 of 1001 resamples of the examples have no value, more than 5 % (why)'))
  })

  it('refuses no examples and ragged rows', () => {
    expect(() => bootstrapInterval([], ratio, settings)).toThrow(/at least one example/)
    expect(() => bootstrapInterval([[1, 2], [1]], ratio, settings)).toThrow(/Example 1 has 1 statistics, not 2/)
  })
})

describe('a table of statistics', () => {
  it('may have one example, but not none, and none without statistics', () => {
    expect(totals(statisticsTable([[3, 4]]))).toEqual([3, 4])
    expect(() => statisticsTable([])).toThrow('at least one example')
    expect(() => statisticsTable([[]])).toThrow('at least one example')
  })

  it('is resampled as often as is asked for', () => {
    const { sorted, undefinedResamples } = resampledValues(statisticsTable([[1], [2]]), ([sum = 0]) => sum, {
      seed: 1,
      resamples: 50,
    })
    expect([sorted.length, undefinedResamples]).toEqual([50, 0])
  })
})

test('values are constant where the least and the greatest are equal, but for rounding', () => {
  const constant = (...values: number[]) => isConstant({ sorted: Float64Array.from(values), undefinedResamples: 0 })
  expect([constant(0, 0), constant(3, 3), constant(1e20, 1e20 * (1 + 1e-13))]).toEqual([true, true, true])
  expect([constant(1, 2, 2), constant(1, 1, 2), constant(-1, 1), constant(1, 1 + 1e-9)]).toEqual(Array(4).fill(false))
})
