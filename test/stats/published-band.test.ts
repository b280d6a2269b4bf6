import { expect, test } from 'vitest'
import { publishedBand, shareVariance } from '../../src/stats/published-band.js'

test('two standard errors of both figures', () => {
  // 0.9 of 400 and of 100: variances 0.09 / 400 and 0.09 / 100; z = 1.959964.
  const variances = [shareVariance(0.9, 400), shareVariance(0.9, 100)] as const
  const { low, high } = publishedBand({ value: 0.9, variances })
  const reach = 1.959964 * Math.sqrt(0.09 / 400 + 0.09 / 100)
  expect(low).toBeCloseTo(0.9 - reach, 6)
  expect(high).toBeCloseTo(0.9 + reach, 6)
})

test('a published share of 0 or 1 has a band too: as of half an example', () => {
  expect(shareVariance(1, 50)).toBeCloseTo((0.99 * 0.01) / 50, 12)
  expect(shareVariance(0, 50)).toBeCloseTo((0.99 * 0.01) / 50, 12)
})
