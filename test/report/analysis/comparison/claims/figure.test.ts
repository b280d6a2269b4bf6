import { describe, expect, test } from 'vitest'
import { undefinedBecause } from '../../../../../src/core/measured.js'
import { compareWithFigure, correctedFigures } from '../../../../../src/report/analysis/comparison/claims/figure.js'
import type { TrialSample } from '../../../../../src/report/analysis/comparison/samples.js'
import type { Range } from '../../../../../src/stats/mean-interval.js'
import { foundTrial } from '../../../found.js'
import { valuedVariants } from './valued.js'

/** Values by label and seed. */
type Values = Readonly<Record<string, Readonly<Record<number, TrialSample>>>>

const valued = (...values: readonly number[]) => Object.fromEntries(values.map((value, at) => [at + 1, { value }]))
const compared = (of: Values, figure: number, examples = 0) => {
  const values = Object.entries(of).flatMap(([label, bySeed]) =>
    Object.entries(bySeed).map(([seed, sample]) => [foundTrial({ label, seed: Number(seed) }), sample] as const),
  )
  const { variants, samples } = valuedVariants(values)
  return compareWithFigure(variants, figure, samples, examples)
}
const found = (...[of, figure, examples]: Parameters<typeof compared>) => {
  const result = compared(of, figure, examples)
  if (typeof result === 'string') throw new Error(result)
  return result
}

describe('a side less a figure', () => {
  test("is Student's test of one sample, over seeds alone where nothing is resampled", () => {
    const { between, seeds } = found({ gru: valued(2, 4, 6) }, 3)
    expect(seeds).toEqual([3, 0])
    // Mean 4, s² 4: s²/k = 4/3; 1 above the figure.
    expect(between.estimate).toBe(1)
    expect(between.seedVariance).toBeCloseTo(4 / 3, 10)
    expect(between.exampleVariance).toBe(0)
    expect(between.standardError).toBeCloseTo(Math.sqrt(4 / 3), 10)
    expect(between.degreesOfFreedom).toBeCloseTo(2, 10)
  })

  test('adds what new examples do: the variance of the average over seeds, resample by resample', () => {
    const of = (value: number, ...resampled: readonly number[]) => ({
      value,
      resampled: Float64Array.from(resampled),
    })
    const gru = { 1: of(2, 1, 2, 3), 2: of(4, 3, 4, 5), 3: of(6, 5, 9, 7) }
    // Averages 3, 5 and 5: their mean is 13/3, their variance (16/9 + 4/9 + 4/9) / 2 = 4/3.
    const { between } = found({ gru }, 3, 11)
    expect(between.exampleVariance).toBeCloseTo(4 / 3, 10)
    expect(between.seedVariance).toBeCloseTo(4 / 3, 10)
    // (8/3)² / ((4/3)² / 2 + (4/3)² / 10)
    expect(between.degreesOfFreedom).toBeCloseTo(4 / (1 / 2 + 1 / 10), 10)
    // A resample in which a seed has no value is left out: ten of 3 and ten of 5 have the variance 20 / 19.
    const twenty = Array.from({ length: 20 }, (_, at) => 3 + 2 * (at % 2))
    const gaps = { 1: of(2, ...twenty, 3), 2: of(4, ...twenty, Number.NaN) }
    expect(found({ gru: gaps }, 3, 11).between.exampleVariance).toBeCloseTo(20 / 19, 10)
  })

  test('averages its settings over the seeds that all of them have', () => {
    const { between, seeds } = found({ gru: valued(2, 4, 6), lstm: valued(4, 8) }, 4)
    // (2 + 4) / 2 and (4 + 8) / 2: 4.5 on average.
    expect(between.estimate).toBe(0.5)
    expect(seeds).toEqual([2, 0])
  })

  test('is none without such a seed, and where a seed has no value', () => {
    expect(compared({ gru: { 1: { value: 1 } }, lstm: { 2: { value: 1 } } }, 4)).toBe(
      'no seed has finished under every setting that a side is averaged over',
    )
    const empty = { value: undefinedBecause('no references') }
    expect(compared({ gru: { 1: { value: 1 }, 2: empty } }, 4)).toBe('undefined for seed 2: no references')
  })
})

describe('sides that are compared with figures under one measure', () => {
  const side = (range: Range, ...values: readonly number[]) => ({
    ...{ between: found({ gru: valued(...values) }, 0).between, range },
    title: `${values}`,
  })

  test('are corrected together, each keeps its own test and range', () => {
    // t is 4 / sqrt(4/3) = 3.46 with p = 0.074, and 40 / sqrt(4/3) = 34.6 with p = 0.00083, which is twice that after Holm.
    const [near, far] = correctedFigures([side([-10, 5], 2, 4, 6), side([-50, 40.5], 38, 40, 42)])
    expect([near?.title, far?.title]).toEqual(['2,4,6', '38,40,42'])
    expect([near?.family, far?.family]).toEqual([2, 2])
    expect([near?.pair.left, near?.pair.right]).toEqual(['left', 'figure'])
    expect([near?.pair.paired, far?.pair.paired]).toEqual([0, 0])
    expect([near?.pair.difference, far?.pair.difference]).toEqual([4, 40])
    expect([near?.pair.significant, far?.pair.significant]).toEqual([false, true])
    expect(far?.pair.adjustedP).toBeCloseTo(2 * Number(far?.pair.p), 12)
    expect(near?.pair.adjustedP).toBe(near?.pair.p)
    // 4 ± 4.303 · 1.155 is -0.97 to 8.97, and cut at 5.
    expect(near?.pair.interval).toEqual({ low: expect.closeTo(4 - 4.302653 * Math.sqrt(4 / 3), 5), high: 5 })
    // At 1 − 0.025 t is 6.205: 32.8 to 47.2, cut at 40.5.
    expect(far?.pair.interval).toEqual({ low: expect.closeTo(40 - 6.205347 * Math.sqrt(4 / 3), 5), high: 40.5 })
  })

  test('are none without any', () => {
    expect(correctedFigures([])).toEqual([])
  })
})
