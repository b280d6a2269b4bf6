import { expect, test } from 'vitest'
import type { Dataset, Split } from '../../src/data/types.js'
import { metrics } from '../../src/metrics/index.js'
import { comparable, scoredExample } from '../../src/task/examples.js'
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

test('a token spelt <unk> is never what the model calls unknown, under any metric', () => {
  const split: Split = {
    size: 1,
    source: toColumn([[4, 3]]),
    target: toColumn([[6, 3]]),
    sourceTexts: [['a', '<unk>']],
    references: { texts: [['c', '<unk>']], offsets: Int32Array.of(0, 1) },
  }
  const vocabulary = base.targetVocabulary?.symbols.length ?? 0
  const scored = (ids: readonly number[]) => {
    const prediction = { ids, ...costs }
    const example = scoredExample(base, split, 0, prediction)
    expect(example.hypothesis).toEqual(['c', '<unk>'])
    return comparable(base, example, prediction)
  }
  const value = (type: 'exact-match' | 'ser' | 'cer' | 'token-accuracy', example: ReturnType<typeof scored>) => {
    const metric = metrics.build({ type })
    return metric.value(metric.statistics(example))
  }
  const unknown = scored([6, 3])
  expect([value('exact-match', unknown), value('ser', unknown), value('token-accuracy', unknown)]).toEqual([
    0, 0.5, 0.5,
  ])
  // All five characters of `<unk>` are wrong, and `c` is right.
  expect(value('cer', unknown)).toBe(5 / 6)
  // A head that copied the source's second token has written what the reference has.
  expect(value('exact-match', scored([6, vocabulary + 1]))).toBe(1)
})

test('numbers: forecasts are scaled back, series by series; what they are compared with is exact', () => {
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
  const exact = {
    reference: Float64Array.of(28, 3.5, 10.1, 0.1, 12.1, -2.1),
    naive: Float64Array.of(7, 8, 10.3, -1.3, 10.3, -1.3),
  }
  const of = (more: Partial<Split>) =>
    scoredExample(dataset, { ...split, ...more }, 1, { values: [1, 0, 0.5, 4], ...costs }).values
  const forecast = {
    reference: [10.1, 0.1, 12.1, -2.1],
    predicted: [12, -1, 11, 1],
    naiveErrors: [1, 3],
    scales: [2, 0.5],
  }
  expect(of({ exact })).toEqual({ ...forecast, naive: [10.3, -1.3, 10.3, -1.3] })
  expect(of({ exact: { reference: exact.reference } })).toEqual(forecast)
  expect(() => of({})).toThrow('the split has none')
})
