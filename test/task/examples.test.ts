import { expect, test } from 'vitest'
import type { Dataset, Split } from '../../src/data/types.js'
import { scoredExample } from '../../src/task/examples.js'
import { reversals, toColumn } from '../train/toy.js'

const base = reversals()
const costs = { score: -1, crossEntropyNats: 2, crossEntropyTokens: 3 }

test('symbols: the tokens as written, every reference, and what was predicted', () => {
  const split: Split = {
    size: 2,
    source: toColumn([[4, 3], [5]]),
    target: toColumn([[6], [7]]),
    sourceTexts: [['a', 'ü'], ['b']],
    references: { texts: [['c'], ['c', 'd'], ['d']], offsets: Int32Array.of(0, 2, 3) },
  }
  expect(scoredExample(base, split, 0, { ids: [6, 7], ...costs })).toMatchObject({
    source: ['a', 'ü'],
    references: [['c'], ['c', 'd']],
    hypothesis: ['c', 'd'],
    joiner: '',
    crossEntropyNats: 2,
    crossEntropyTokens: 3,
  })
})

test('numbers: both reference and forecast are scaled back, series by series', () => {
  const dataset: Dataset = {
    ...base,
    scaling: [
      { name: 'x', mean: 10, scale: 2, naiveError: 1 },
      { name: 'y', mean: -1, scale: 0.5, naiveError: 3 },
    ],
  }
  const values = (...numbers: number[]) =>
    ({ kind: 'values', width: 2, data: Float32Array.from(numbers), offsets: Int32Array.of(0, 1, 3) }) as const
  const split: Split = { size: 2, source: values(0, 0, 0, 0, 0, 0), target: values(9, 9, 0, 2, 1, -2) }
  expect(scoredExample(dataset, split, 1, { values: [1, 0, 0.5, 4], ...costs }).values).toEqual({
    reference: [10, 0, 12, -2],
    predicted: [12, -1, 11, 1],
    naiveErrors: [1, 3],
  })
})
