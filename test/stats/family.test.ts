import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../src/core/measured.js'
import { randomStream } from '../../src/core/random.js'
import { statisticsTable } from '../../src/stats/bootstrap.js'
import { confidenceInterval, difference, variance } from '../../src/stats/difference.js'
import { compareFamily, compareSamples } from '../../src/stats/family.js'
import { holm } from '../../src/stats/holm.js'
import {
  averageOf,
  resampledSeedAverages,
  resampledTogether,
  varianceOfDifference,
} from '../../src/stats/seed-averages.js'

describe('holm', () => {
  it('steps down from the smallest p and never below the one before', () => {
    // m = 4: 0.01·4 = 0.04, 0.02·3 = 0.06, 0.03·2 = 0.06, 0.6·1 = 0.6
    const found = holm([0.03, 0.01, 0.6, 0.02], 0.05)
    expect(found.map(({ adjusted }) => Number(adjusted.toFixed(12)))).toEqual([0.06, 0.04, 0.6, 0.06])
    expect(found.map(({ rejected }) => rejected)).toEqual([false, true, false, false])
    // The smallest is tested at 0.05/4, the next at 0.05/3; that one is not rejected, so the rest stay there.
    expect(found.map(({ alpha }) => alpha)).toEqual([0.05 / 3, 0.05 / 4, 0.05 / 3, 0.05 / 3])
    expect(holm([], 0.05)).toEqual([])
  })

  it('rejects at α itself, keeps the order of equals, and adjusts to 1 at most', () => {
    expect(holm([0.05], 0.05)).toEqual([{ adjusted: 0.05, rejected: true, alpha: 0.05 }])
    expect(holm([0.025, 0.025], 0.05)).toEqual([
      { adjusted: 0.05, rejected: true, alpha: 0.025 },
      { adjusted: 0.05, rejected: true, alpha: 0.05 },
    ])
    expect(holm([0.6, 0.7], 0.05).map(({ adjusted }) => adjusted)).toEqual([1, 1])
  })

  it('rejects exactly where p is at most the share of α that its interval is made at', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (ps) => {
        holm(ps, 0.05).forEach(({ rejected, alpha, adjusted }, at) => {
          expect(rejected).toBe((ps[at] ?? 1) <= alpha)
          expect(rejected).toBe(adjusted <= 0.05)
        })
      }),
      { seed: 4 },
    )
  })
})

describe('resampledSeedAverages', () => {
  const random = randomStream(8, 'test')
  const rows = Array.from({ length: 400 }, () => [random.normal(), 1])
  const table = statisticsTable(rows)
  const shifted = statisticsTable(rows.map(([x = 0]) => [x + 1, 1]))
  const ratio = ([sum = 0, size = 1]: readonly number[]) => sum / size

  it('keeps what the examples have in common: a constant shift has no variance', () => {
    const [a, b] = resampledSeedAverages([[table], [shifted]], ratio, { seed: 1, resamples: 200 })
    if (a === undefined || b === undefined) throw new Error('two variants')
    expect(varianceOfDifference(a, b)).toBeLessThan(1e-28)
  })

  it('has the variance of a mean over examples, and averages seeds', () => {
    const [a, b] = resampledSeedAverages([[table], [table, shifted]], ratio, { seed: 1, resamples: 2000 })
    if (a === undefined || b === undefined) throw new Error('two variants')
    const expected = variance(rows.map(([x = 0]) => x)) / rows.length
    expect(variance([...a]) / expected).toBeGreaterThan(0.9)
    expect(variance([...a]) / expected).toBeLessThan(1.1)
    expect((b[0] ?? 0) - (a[0] ?? 0)).toBeCloseTo(0.5, 12)
  })

  it('gives every variant the same draws, and NaN where a draw has no value', () => {
    const one = statisticsTable([
      [1, 1],
      [0, 0],
      [4, 1],
    ])
    const double = statisticsTable([
      [2, 1],
      [0, 0],
      [8, 1],
    ])
    const measured = ([sum = 0, size = 0]: readonly number[]) => (size === 0 ? undefinedBecause('none') : sum / size)
    const options = { seed: 3, resamples: 400 }
    const [[first] = [], [second] = []] = resampledTogether([[one], [double]], measured, options)
    expect(first).toHaveLength(400)
    // Twice the value in every draw; one draw in 27 is the second example three times.
    expect(second).toEqual(first?.map((value) => 2 * value))
    const missing = first?.filter(Number.isNaN).length ?? 0
    expect(Math.abs(missing - 400 / 27)).toBeLessThan(4 * Math.sqrt(400 / 27))
    expect(new Set(first?.filter(Number.isFinite))).toEqual(new Set([1, 2, 2.5, 3, 4]))
    expect(resampledTogether([[one], [double]], measured, { seed: 4, resamples: 400 })[0]?.[0]).not.toEqual(first)
  })

  it('averages element by element, and leaves out of a variance what has no value on one side', () => {
    expect(averageOf([Float64Array.of(1, 2), Float64Array.of(3, 6)])).toEqual(Float64Array.of(2, 4))
    expect(averageOf([])).toEqual(new Float64Array(0))
    const { NaN: none } = Number
    // Differences 1 and 5 (mean 3): (4 + 4) / 1; with a third of 3 over 2.
    expect(varianceOfDifference(Float64Array.of(2, none, 6, 1), Float64Array.of(1, 1, 1, none))).toBe(8)
    expect(varianceOfDifference(Float64Array.of(1, 5, 3), Float64Array.of(0, 0, 0))).toBe(4)
  })

  it('refuses variants over different examples', () => {
    expect(() =>
      resampledSeedAverages([[table], [statisticsTable([[1, 1]])]], ratio, { seed: 1, resamples: 2 }),
    ).toThrow(/same examples/)
  })
})

describe('compareFamily', () => {
  it('leaves zero out of an interval exactly when the difference is shown', () => {
    const random = randomStream(21, 'test')
    for (let study = 0; study < 40; study++) {
      const variants = Array.from({ length: 4 }, (_, at) => ({
        values: Array.from({ length: 3 }, () => random.normal() + at * 1.5),
        resampled: Array.from({ length: 3 }, () => Float64Array.from({ length: 50 }, () => random.normal() * 0.2)),
      }))
      const pairs = compareFamily(variants, 0.05, 100)
      expect(pairs).toHaveLength(6)
      for (const { interval, shown } of pairs) {
        expect(shown).toBe(interval !== undefined && (interval.low > 0 || interval.high < 0))
      }
    }
  })

  const constant = (value: number) => Float64Array.from({ length: 20 }, (_, at) => value + (at % 2))
  const of = (models: readonly string[], values: readonly number[]) => ({
    values,
    models: models.map((model) => [model]),
    resampled: values.map(constant),
  })

  it('pairs variants that share trained models, and only over those that both have', () => {
    const [same, part, none] = compareFamily(
      [of(['x', 'y', 'z'], [10, 20, 30]), of(['x', 'y', 'z'], [11, 22, 36]), of(['z', 'x', 'w'], [33, 12, 90])],
      0.05,
      100,
    )
    expect(same).toMatchObject({ pairs: 3, estimate: -3 })
    // x: 10 - 12, z: 30 - 33; w and y are of one side only.
    expect(part).toMatchObject({ pairs: 2, estimate: -2.5, exampleVariance: 0 })
    expect(part?.seedVariance).toBeCloseTo(0.5 / 2, 12)
    // x: 11 - 12, z: 36 - 33.
    expect(none).toMatchObject({ pairs: 2, estimate: 1 })
  })

  it('takes of the examples only what the shared models saw', () => {
    const far = { values: [10, 20, 30], models: [['x'], ['y'], ['w']], resampled: [0, 2, 200].map((top) => [0, top]) }
    const near = {
      values: [11, 22, 36],
      models: [['x'], ['y'], ['v']],
      resampled: [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    }
    const floats = ({ resampled, ...rest }: typeof far) => ({
      ...rest,
      resampled: resampled.map((values) => Float64Array.from(values)),
    })
    const [pair] = compareFamily([floats(far), floats(near)], 0.05, 100)
    // x and y: averages (0, 1) less (0, 0), whose variance is 1/2; with w they would be (0, 202/3).
    expect(pair).toMatchObject({ pairs: 2, estimate: -1.5, exampleVariance: 0.5 })
  })

  it('finds shared models among several names of each', () => {
    const left = { values: [1, 2], models: [['p', 'x'], ['y']] }
    const right = {
      values: [4, 6],
      models: [
        ['y', 'q'],
        ['r', 'x'],
      ],
    }
    // x: 1 - 6, y: 2 - 4.
    expect(compareSamples(left, right)).toMatchObject({ pairs: 2, found: { estimate: -3.5, seedVariance: 4.5 / 2 } })
    expect(compareSamples(left, { values: [4, 6] })).toMatchObject({ pairs: 0, found: { estimate: -3.5 } })
    expect(compareSamples({ values: [4, 6] }, left)).toMatchObject({ pairs: 0, found: { estimate: 3.5 } })
  })

  it('names its pairs, and corrects each by its place in the family', () => {
    const samples = [[1, 2, 3], [11, 12, 13], [0.7], [1, 2, 3.5]]
    const found = compareFamily(
      samples.map((values) => ({ values })),
      0.05,
    )
    expect(found.map(({ left, right }) => [left, right])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ])
    // One seed on a side cannot be tested; the pair stays in the family of six.
    const [first, untested, third] = found
    expect(untested).toMatchObject({ p: undefined, adjustedP: undefined, shown: false, interval: undefined })
    const alone = difference([1, 2, 3], [11, 12, 13])
    expect(first?.adjustedP).toBeCloseTo(6 * (alone.p ?? Number.NaN), 12)
    expect(first).toMatchObject({ shown: true, level: 1 - 0.05 / 6, interval: confidenceInterval(alone, 0.05 / 6) })
    // The first two are rejected, so that the third is tested at 0.05 / 4, and is not.
    expect(third).toMatchObject({ shown: false, adjustedP: 1, level: 1 - 0.05 / 4 })
  })

  it('pairs neither variants of other models nor those that share a single one', () => {
    const found = compareFamily([of(['x', 'y'], [1, 2]), of(['u', 'v'], [4, 6]), of(['v', 'y'], [7, 7.5])], 0.05, 100)
    expect(found.map(({ pairs }) => pairs)).toEqual([0, 0, 0])
    expect(found[0]?.estimate).toBe(-3.5)
  })
})
