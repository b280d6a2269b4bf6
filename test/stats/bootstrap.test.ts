import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { bootstrapInterval, drawCounts, statisticsTable, totals, weightedSums } from '../../src/stats/bootstrap.js'
import { quantile } from '../../src/stats/quantile.js'

const ratio = ([errors = 0, length = 0]: readonly number[]) => errors / length
const settings = { seed: 1, resamples: 1000, level: 0.95 }

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
  it('gives the value of the whole and an interval around it', () => {
    const rows = Array.from({ length: 200 }, (_, example) => [example % 4 === 0 ? 1 : 0, 1])
    const { value, low, high } = bootstrapInterval(rows, ratio, settings)
    expect(value).toBe(0.25)
    // A share of 0.25 over 200 examples: 0.25 ± 1.96 · sqrt(0.25 · 0.75 / 200) = 0.25 ± 0.06.
    expect(low).toBeCloseTo(0.19, 1)
    expect(high).toBeCloseTo(0.31, 1)
  })

  it('is a point where nothing varies', () => {
    expect(
      bootstrapInterval(
        [
          [2, 8],
          [2, 8],
          [2, 8],
        ],
        ratio,
        settings,
      ),
    ).toEqual({ value: 0.25, low: 0.25, high: 0.25 })
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
          const { value, low, high } = bootstrapInterval(rows, ratio, { seed: 5, resamples: 50, level: 0.95 })
          const slack = 1e-9 + 1e-12 * Math.max(...numbers.map(Math.abs))
          expect(low).toBeLessThanOrEqual(high)
          expect(low).toBeGreaterThanOrEqual(Math.min(...numbers) - slack)
          expect(high).toBeLessThanOrEqual(Math.max(...numbers) + slack)
          expect(value).toBeGreaterThanOrEqual(Math.min(...numbers) - slack)
        },
      ),
      { seed: 7 },
    )
  })

  it('never hides a value that is not a number', () => {
    const { low, high } = bootstrapInterval(
      [
        [0, 0],
        [1, 1],
      ],
      ratio,
      settings,
    )
    expect([low, high]).toEqual([Number.NaN, Number.NaN])
  })

  it('refuses no examples and ragged rows', () => {
    expect(() => bootstrapInterval([], ratio, settings)).toThrow(/at least one example/)
    expect(() => bootstrapInterval([[1, 2], [1]], ratio, settings)).toThrow(/Example 1 has 1 statistics, not 2/)
  })
})
