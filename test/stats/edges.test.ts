import { describe, expect, it } from 'vitest'
import { isConstant, statisticsTable } from '../../src/stats/bootstrap.js'
import { sharedRange } from '../../src/stats/curve.js'
import { difference, differenceFrom, meanInterval } from '../../src/stats/difference.js'
import { compareFamily } from '../../src/stats/family.js'
import { quantile } from '../../src/stats/quantile.js'
import { resampledTogether } from '../../src/stats/seed-averages.js'
import { studentQuantile } from '../../src/stats/student.js'

// The smallest samples: one seed, one curve, no value at all.

it('no values are constant', () => {
  expect(isConstant({ sorted: new Float64Array(0), undefinedResamples: 3 })).toBe(true)
})

it('one curve shares its own range', () => {
  const curve = [
    [1, 5],
    [4, 2],
  ] as const
  expect(sharedRange([curve])).toEqual({ from: 1, to: 4 })
})

it('between equal infinities there is nothing to interpolate', () => {
  expect(quantile(Float64Array.of(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY), 0.3)).toBe(
    Number.POSITIVE_INFINITY,
  )
})

describe('a difference', () => {
  it('of a single seed on either side has no size of effect and no variance of seeds', () => {
    for (const [a, b] of [
      [[1], [1, 2, 4]],
      [[1, 2, 4], [1]],
    ] as const) {
      const { effectSize, p, standardError } = difference(a, b)
      expect([effectSize, p, standardError]).toEqual([undefined, undefined, 0])
    }
  })

  it('needs two examples, and two are enough', () => {
    const of = (examples: number) => difference([1, 2], [3, 4], { variance: 0.5, examples })
    expect(() => of(1)).toThrow('at least two examples')
    // Variances of seeds: 0.5 / 2 on both sides.
    expect(of(2).standardError).toBe(1)
  })

  it('from a figure has the effect size of one sample', () => {
    // Mean 2, s² = 1, two degrees of freedom: g = (2 - 1.5) / 1 (1 - 3 / 7).
    expect(differenceFrom([1, 2, 3], 1.5).effectSize).toBeCloseTo(0.5 * (4 / 7), 12)
    // Two seeds are enough for a test: a mean of 2 with s² = 2 is one standard error above 1, with one degree of freedom.
    expect(differenceFrom([1, 3], 1).p).toBeCloseTo(0.5, 7)
    expect(differenceFrom([1], 1.5, { variance: 0.5, examples: 9 })).toMatchObject({
      seedVariance: undefined,
      effectSize: undefined,
    })
  })

  it('is tested where the spread is more than rounding of numbers about 1', () => {
    // Seeds at 0 and d: s² = d² / 2, and the standard error is d / 2.
    const p = (d: number) => difference([0, d], [0, 0]).p
    expect(p(2.1e-12)).toBeCloseTo(0.5, 7)
    expect(p(1.9e-12)).toBeUndefined()
    // About 10 a spread of 1.5e-12 is rounding.
    expect(difference([10, 10 + 3e-12], [10, 10]).p).toBeUndefined()
  })

  it('of values close together has an effect of any size', () => {
    // Means 0.2 and 0.4, s² = 0.02: g = -0.2 / sqrt(0.02) (1 - 3 / 7).
    expect(difference([0.1, 0.3], [0.3, 0.5]).effectSize).toBeCloseTo((-0.2 / Math.sqrt(0.02)) * (4 / 7), 12)
  })
})

it('the interval of a mean over two seeds has their variance', () => {
  // Of seeds (0.5 / 2) with one degree of freedom, of 1001 examples 0.25 with 1000: 0.5² / (0.25² / 1 + 0.25² / 1000).
  const degrees = 0.25 / (0.0625 + 0.0000625)
  const reach = studentQuantile(0.975, degrees) * Math.sqrt(0.5)
  const found = meanInterval([1, 2], { variance: 0.25, examples: 1001 }, 0.05)
  expect(found?.low).toBeCloseTo(1.5 - reach, 9)
  expect(found?.high).toBeCloseTo(1.5 + reach, 9)
})

describe('variants that share trained models', () => {
  const models = [['m1'], ['m2'], ['m3']]

  it('are compared as pairs without resampled values too, over all or some of their seeds', () => {
    const other = { values: [2, 4, 9], models }
    const [all] = compareFamily([{ values: [1, 2, 3], models }, other], 0.05)
    expect([all?.pairs, all?.estimate]).toEqual([3, -3])
    const [some] = compareFamily([{ values: [1, 2, 3], models: [['m1'], ['m2'], ['m4']] }, other], 0.05)
    // (1 - 2 + 2 - 4) / 2.
    expect([some?.pairs, some?.estimate]).toEqual([2, -1.5])
  })

  it('are compared by seeds alone where one of them has no resampled values', () => {
    const resampled = [1, 2, 3].map((value) => Float64Array.of(value, value + 1))
    const [a, b] = [{ values: [1, 2, 3], resampled }, { values: [2, 4, 9] }]
    for (const pair of [
      [a, b],
      [b, a],
    ])
      expect(compareFamily(pair, 0.05, 10)[0]?.exampleVariance).toBe(0)
  })
})

describe('resampling together', () => {
  const table = (examples: number) => statisticsTable(Array.from({ length: examples }, () => [1]))
  const sums = (...tables: readonly (readonly number[])[]) =>
    resampledTogether(
      tables.map((seeds) => seeds.map(table)),
      ([sum = 0]) => sum,
      { seed: 1, resamples: 2 },
    )

  it('takes variants of one seed and seeds of one variant', () => {
    // Of five examples that count one each, every resample sums to five.
    const five = Float64Array.of(5, 5)
    expect(sums([5])).toEqual([[five]])
    expect(sums([5], [5, 5])).toEqual([[five], [five, five]])
    expect(sums([5, 5], [])).toEqual([[five, five], []])
    expect(sums()).toEqual([])
  })

  it('refuses other examples wherever they are', () => {
    for (const tables of [
      [[5, 4]],
      [[5], [4]],
      [
        [5, 5],
        [5, 4],
      ],
      [
        [5, 4],
        [5, 5],
      ],
    ])
      expect(() => sums(...tables)).toThrow('only be resampled together over the same examples')
  })
})
