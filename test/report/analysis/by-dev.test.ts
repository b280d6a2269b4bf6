import { expect, test } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { byDev, byRank } from '../../../src/report/analysis/comparison/by-dev.js'
import type { MetricComparison } from '../../../src/report/analysis/comparison/types.js'

type Values = MetricComparison['values'][number]

const nothing = undefinedBecause('nothing to evaluate')
const comparison = (
  better: MetricComparison['better'],
  values: Readonly<Record<string, readonly [Values['dev'], number | null]>>,
) =>
  ({
    better,
    values: Object.entries(values).map(([variant, [dev, value]]) => ({ variant, dev, mean: { value } })),
  }) as unknown as MetricComparison
const order = (one: MetricComparison) => byDev(one).map(({ variant }) => variant)

test('variants are in the order of dev, whatever test says', () => {
  const values = { a: [0.3, 0.1], b: [0.1, 0.3], c: [0.2, 0.2] } as const
  expect(order(comparison('lower', values))).toEqual(['b', 'c', 'a'])
  expect(order(comparison('higher', values))).toEqual(['a', 'c', 'b'])
})

test('without a value on dev by test; without any last, in their order', () => {
  const values = { a: [nothing, null], b: [nothing, 0.2], c: [0.3, 0.9], d: [nothing, null], e: [0.1, 0.9] } as const
  expect(order(comparison('lower', values))).toEqual(['e', 'b', 'c', 'a', 'd'])
  expect(order(comparison('higher', values))).toEqual(['c', 'b', 'e', 'a', 'd'])
})

test('what is of variants follows them; of others it comes last, in its own order', () => {
  const main = comparison('lower', { a: [0.3, 0], b: [0.1, 0] })
  const items = ['x', 'a', 'y', 'b'].map((variant, at) => ({ variant, at }))
  expect(byRank(main, items).map(({ variant, at }) => `${variant}${at}`)).toEqual(['b3', 'a1', 'x0', 'y2'])
})
