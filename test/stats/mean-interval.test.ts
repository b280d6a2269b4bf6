import { expect, test } from 'vitest'
import { rangedMeanInterval } from '../../src/stats/mean-interval.js'

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
