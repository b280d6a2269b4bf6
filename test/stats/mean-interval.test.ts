import { expect, test } from 'vitest'
import { cutTo, differenceRange, everything, rangedMeanInterval } from '../../src/stats/mean-interval.js'

const ofExamples = { variance: 0, examples: 100 }

test('three seeds: t with two degrees, cut to the range', () => {
  // 0, 0.01, 0.05: mean 0.02, s² = 0.0007; t_{0.975, 2} = 4.302653 (tables): 0.02 ± 4.302653 sqrt(0.0007 / 3).
  const reach = 4.302653 * Math.sqrt(0.0007 / 3)
  expect(rangedMeanInterval([0, 0.01, 0.05], ofExamples, 0.05, [0, 1])).toEqual({
    low: 0,
    high: expect.closeTo(0.02 + reach, 6),
    method: 't',
  })
  expect(rangedMeanInterval([1, 0.99, 0.95], ofExamples, 0.05, [0, 1])).toEqual({
    low: expect.closeTo(0.98 - reach, 6),
    high: 1,
    method: 't',
  })
})

test('two seeds, one seed and no spread have no interval, and say why', () => {
  const reasonOf = (values: readonly number[]) => {
    const interval = rangedMeanInterval(values, ofExamples, 0.05, [0, 1])
    return 'reason' in interval ? interval.reason : ''
  }
  expect(reasonOf([0.1, 0.2])).toMatch(/^two seeds say too little about the variance between seeds/)
  expect(reasonOf([0.1])).toMatch(/^one seed says too little/)
  expect(reasonOf([0.1, 0.1, 0.1])).toBe('neither seeds nor examples vary')
})

test('rounding in the last bits is no spread, whatever the size of the values', () => {
  const reasonOf = (values: readonly number[]) => {
    const interval = rangedMeanInterval(values, ofExamples, 0.05, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
    return 'reason' in interval ? interval.reason : undefined
  }
  const large = 1e9 / 3
  const next = large + 6e-8
  expect(next).toBeGreaterThan(large)
  expect(reasonOf([large, large, next])).toBe('neither seeds nor examples vary')
  expect(reasonOf([-large, -large, -next])).toBe('neither seeds nor examples vary')
  expect(reasonOf([0.1, 0.1, 0.1 + 1e-9])).toBeUndefined()
})

test('a difference of two shares is within -1 and 1, of two error rates anywhere, and from a figure as far as the range goes', () => {
  expect(differenceRange([0, 1])).toEqual([-1, 1])
  expect(differenceRange([0, Number.POSITIVE_INFINITY])).toEqual(everything)
  expect(differenceRange([0, 1], [0.8, 0.8])).toEqual([-0.8, expect.closeTo(0.2)])
  expect(cutTo({ low: -13.029, high: 13.922 }, differenceRange([0, 1]))).toEqual({ low: -1, high: 1 })
  expect(cutTo({ low: -2.6, high: 2.48 }, everything)).toEqual({ low: -2.6, high: 2.48 })
})
