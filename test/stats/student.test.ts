import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  confidenceInterval,
  difference,
  differenceFrom,
  equivalenceP,
  mean,
  meanInterval,
  pairedDifference,
  variance,
} from '../../src/stats/difference.js'
import { studentCdf, studentQuantile, twoSidedP } from '../../src/stats/student.js'

interface Goldens {
  readonly cdf: readonly (readonly [t: number, df: number, p: number])[]
  readonly quantile: readonly (readonly [p: number, df: number, t: number])[]
  readonly welch: { a: number[]; b: number[]; t: number; df: number; p: number; low: number; high: number }
  readonly tost: { margin: number; p: number }
}
// By SciPy; goldens/stats.py wrote them and says which version.
const goldens = JSON.parse(readFileSync(new URL('../goldens/stats.json', import.meta.url), 'utf8')) as Goldens

const relativeError = (got: number, expected: number) => Math.abs(got - expected) / Math.max(Math.abs(expected), 1e-12)

describe("Student's t", () => {
  it("has SciPy's distribution function", () => {
    for (const [t, df, p] of goldens.cdf) expect(relativeError(studentCdf(t, df), p)).toBeLessThan(1e-6)
  })

  it("has SciPy's quantiles", () => {
    for (const [p, df, t] of goldens.quantile) {
      if (Math.abs(t) < 1e-9) expect(Math.abs(studentQuantile(p, df))).toBeLessThan(1e-9)
      else expect(relativeError(studentQuantile(p, df), t)).toBeLessThan(1e-6)
    }
  })

  it('is symmetric', () => {
    expect(twoSidedP(2.3, 7)).toBeCloseTo(twoSidedP(-2.3, 7), 14)
    expect(twoSidedP(0, 7)).toBeCloseTo(1, 7)
  })
})

describe('difference', () => {
  const { a, b, df, p, low, high, t } = goldens.welch

  it("is Welch's test over seeds alone, and where the examples add nothing", () => {
    const found = difference(a, b)
    expect(difference(a, b, { variance: 0, examples: 1000 })).toEqual(found)
    expect(found.estimate / found.standardError).toBeCloseTo(t, 10)
    expect(found.degreesOfFreedom).toBeCloseTo(df, 10)
    expect(found.p).toBeCloseTo(p, 10)
    expect(confidenceInterval(found, 0.05)?.low).toBeCloseTo(low, 6)
    expect(confidenceInterval(found, 0.05)?.high).toBeCloseTo(high, 6)
  })

  it("has SciPy's p for equivalence", () => {
    expect(equivalenceP(difference(a, b), goldens.tost.margin)).toBeCloseTo(goldens.tost.p, 10)
    expect(() => equivalenceP(difference(a, b), 0)).toThrow(/margin above 0/)
  })

  it('adds the examples to the variance, and their degrees of freedom', () => {
    // a: mean 2, s² = 1, s²/k = 1/3, 2 degrees. b: mean 5, s² = 4, s²/k = 4/3, 2 degrees. Examples: 1/3 with 9 degrees.
    const found = difference([1, 2, 3], [3, 5, 7], { variance: 1 / 3, examples: 10 })
    expect(found.estimate).toBe(-3)
    expect(found.standardError).toBeCloseTo(Math.sqrt(2), 12)
    // 2² / ((1/9)/2 + (16/9)/2 + (1/9)/9) = 4 / (17/18 + 1/81)
    expect(found.degreesOfFreedom).toBeCloseTo(4 / (17 / 18 + 1 / 81), 12)
    // Pooled s² = 2.5; g = -3 / sqrt(2.5) · (1 - 3/15)
    expect(found.effectSize).toBeCloseTo((-3 / Math.sqrt(2.5)) * 0.8, 12)
  })

  it('keeps apart what seeds and what examples add', () => {
    const found = difference([1, 2, 3], [3, 5, 7], { variance: 1 / 3, examples: 10 })
    expect(found.seedVariance).toBeCloseTo(5 / 3, 12)
    expect(found.exampleVariance).toBe(1 / 3)
    expect(difference([1, 2, 3], [3, 5, 7]).exampleVariance).toBe(0)
  })

  it('pools sides of unequal size by their degrees', () => {
    // s² = 1 of two degrees, 20/3 of three: (2 + 20) / 5 = 4.4; g = -4 / sqrt(4.4) · (1 - 3/19).
    const found = difference([1, 2, 3], [3, 5, 7, 9])
    expect(found.effectSize).toBeCloseTo((-4 / Math.sqrt(4.4)) * (16 / 19), 12)
  })

  it('takes no more degrees from the examples than two seeds have', () => {
    // The examples' variance is nearly all: by Satterthwaite alone about 999 degrees. Two and two seeds have 1 + 1, two and
    // three 1 + 2; from three seeds on it is as the formula has it.
    const ofExamples = { variance: 1, examples: 1000 }
    expect(difference([1, 1.02], [2, 2.02], ofExamples).degreesOfFreedom).toBe(2)
    expect(difference([1, 1.02], [2, 2.02, 2.04], ofExamples).degreesOfFreedom).toBe(3)
    expect(pairedDifference([1, 1.02], [2, 2.05], ofExamples).degreesOfFreedom).toBe(1)
    expect(difference([1, 1.02, 1.04], [2, 2.02, 2.04], ofExamples).degreesOfFreedom).toBeGreaterThan(900)
    // One seed and two: seeds are not known, so that the examples' own degrees count.
    expect(difference([1], [2, 2.02], ofExamples).degreesOfFreedom).toBeCloseTo(999, 9)
  })

  it('takes rounding for no spread: below 10^-12 of the larger mean, or of 1', () => {
    expect(difference([1e6, 1e6 + 1e-7], [0, 0]).p).toBeUndefined()
    expect(difference([0, 0], [1e6, 1e6 + 1e-7]).p).toBeUndefined()
    expect(difference([0, 0], [-1e6, -1e6 - 1e-7]).p).toBeUndefined()
    expect(difference([0, 1e-13], [0, 1e-13]).p).toBeUndefined()
    expect(difference([0, 1e-11], [0, 1e-11]).p).toBeCloseTo(1, 6)
  })

  it('knows nothing of seeds where there is one', () => {
    const found = difference([0.1], [0.2], { variance: 0.0001, examples: 100 })
    expect(found.seedVariance).toBeUndefined()
    expect(found.effectSize).toBeUndefined()
    expect(found.degreesOfFreedom).toBeCloseTo(99, 9)
    expect(difference([0.1], [0.2, 0.3]).p).toBeUndefined()
  })

  it('tests nothing where no spread was seen', () => {
    const found = difference([0.1, 0.1], [0.3, 0.3], { variance: 0, examples: 100 })
    expect(found.p).toBeUndefined()
    expect(confidenceInterval(found, 0.05)).toBeUndefined()
    expect(equivalenceP(found, 1)).toBeUndefined()
    expect(found.effectSize).toBeUndefined()
    expect(found.seedVariance).toBe(0)
  })

  it('refuses too few seeds or examples', () => {
    expect(() => difference([], [1])).toThrow(RangeError)
    expect(() => difference([1], [1], { variance: 0, examples: 1 })).toThrow(RangeError)
  })
})

describe('pairedDifference', () => {
  it("is Student's test of the differences within trained models, where the examples add nothing", () => {
    // d = -1, -2, -6: mean -3, s² = 7, s²/k = 7/3, 2 degrees.
    const found = pairedDifference([10, 20, 30], [11, 22, 36])
    expect(found.estimate).toBe(-3)
    expect(found.seedVariance).toBeCloseTo(7 / 3, 12)
    expect(found.degreesOfFreedom).toBe(2)
    expect(found.estimate / found.standardError).toBeCloseTo(-3 / Math.sqrt(7 / 3), 12)
    // Two degrees: p = 1 - |t| / sqrt(2 + t²), in closed form; t² = 9 · 3 / 7.
    expect(found.p).toBeCloseTo(1 - Math.sqrt(27 / 7 / (2 + 27 / 7)), 9)
    // Pooled over the sides' own deviations, corrected with k - 1 = 2 degrees: 1 - 3/7.
    expect(found.effectSize).toBeCloseTo((-3 / Math.sqrt((100 + variance([11, 22, 36])) / 2)) * (4 / 7), 12)
  })

  it('adds the examples to the variance of the differences, and their degrees of freedom', () => {
    const found = pairedDifference([10, 20, 30], [11, 22, 36], { variance: 2 / 3, examples: 10 })
    expect(found.standardError).toBeCloseTo(Math.sqrt(3), 12)
    // 3² / ((7/3)²/2 + (2/3)²/9)
    expect(found.degreesOfFreedom).toBeCloseTo(9 / (49 / 18 + 4 / 81), 12)
    expect(found.exampleVariance).toBe(2 / 3)
  })

  it('knows nothing of other models where there is one, and tests nothing without a spread', () => {
    expect(pairedDifference([0.1], [0.2], { variance: 0.0001, examples: 100 }).seedVariance).toBeUndefined()
    expect(pairedDifference([0.1, 0.4], [0.2, 0.5]).p).toBeUndefined()
  })

  it('refuses sides of different models', () => {
    expect(() => pairedDifference([1, 2], [1])).toThrow(RangeError)
    expect(() => pairedDifference([], [])).toThrow(RangeError)
  })
})

describe('differenceFrom', () => {
  it("is Student's test of one sample, where the examples add nothing", () => {
    // 1, 2, 6 less 6: mean -3, s² = 7, 2 degrees; p in closed form as above.
    const found = differenceFrom([1, 2, 6], 6)
    expect(found).toMatchObject({ estimate: -3, seedVariance: expect.closeTo(7 / 3, 12), degreesOfFreedom: 2 })
    expect(found.p).toBeCloseTo(1 - Math.sqrt(27 / 7 / (2 + 27 / 7)), 9)
    expect(found.effectSize).toBeCloseTo((-3 / Math.sqrt(7)) * (4 / 7), 12)
  })

  it('adds the examples, and knows nothing of other seeds where there is one', () => {
    const found = differenceFrom([1, 2, 6], 6, { variance: 2 / 3, examples: 10 })
    expect(found.standardError).toBeCloseTo(Math.sqrt(3), 12)
    expect(found.degreesOfFreedom).toBeCloseTo(9 / (49 / 18 + 4 / 81), 12)
    expect(differenceFrom([1], 0, { variance: 1, examples: 10 }).seedVariance).toBeUndefined()
    expect(differenceFrom([2, 2], 3).p).toBeUndefined()
    expect(() => differenceFrom([], 3)).toThrow(RangeError)
  })
})

describe('meanInterval', () => {
  it('adds the examples to the seeds', () => {
    // s²/k = 1/3 with two degrees and 1/3 with nine: (2/3)² / ((1/9)/2 + (1/9)/9) = 72/11 degrees.
    const interval = meanInterval([1, 2, 3], { variance: 1 / 3, examples: 10 }, 0.05)
    const reach = studentQuantile(0.975, 72 / 11) * Math.sqrt(2 / 3)
    expect(interval).toEqual({ low: expect.closeTo(2 - reach, 9), high: expect.closeTo(2 + reach, 9) })
  })

  it('is of the examples alone with one seed, and undefined where nothing varies', () => {
    // t_{0.975, 10} = 2.228139, t_{0.95, 10} = 1.812461 (tables).
    const ofExamples = { variance: 0.01, examples: 11 }
    expect(meanInterval([0.5], ofExamples, 0.05)?.low).toBeCloseTo(0.5 - 0.2228139, 6)
    expect(meanInterval([0.5], ofExamples, 0.1)?.high).toBeCloseTo(0.5 + 0.1812461, 6)
    expect(meanInterval([0.5], { variance: 0, examples: 11 }, 0.05)).toBeUndefined()
  })
})

describe('mean and variance', () => {
  it('are unbiased', () => {
    expect(mean([2, 4, 9])).toBe(5)
    expect(variance([2, 4, 9])).toBe(13)
    expect(variance([2])).toBeNaN()
  })
})
