import { describe, expect, it } from 'vitest'
import type { Column, Dataset, Split } from '../../src/data/types.js'
import { buildMetrics } from '../../src/metrics/score.js'
import { baselineOf } from '../../src/task/baseline.js'

// Answers without a model, by hand.

const specials = ['<pad>', '<bos>', '<eos>', '<unk>']
const ids = (rows: readonly (readonly number[])[]): Column => {
  const offsets = rows.reduce<number[]>((all, row) => all.concat((all.at(-1) ?? 0) + row.length), [0])
  return { kind: 'ids', data: Int32Array.from(rows.flat()), offsets: Int32Array.from(offsets) }
}
const split = (source: readonly (readonly number[])[], target: readonly (readonly number[])[]): Split => ({
  ...{ size: source.length, source: ids(source), target: ids(target) },
})
const dataset = (more: Partial<Dataset>): Dataset =>
  ({ joiners: { source: ' ', target: ' ' }, counts: { tags: undefined }, ...more }) as unknown as Dataset

describe('the baseline', () => {
  const accuracy = buildMetrics([{ type: 'accuracy' }])

  it("of labels is the training's most frequent one, also where test has another", () => {
    const data = dataset({
      sourceVocabulary: { symbols: [...specials, 'a'], specials: true },
      targetVocabulary: { symbols: ['x', 'y'], specials: false },
      train: split([[4], [4], [4]], [[1], [1], [0]]),
    })
    const test = split([[4], [4], [4], [4]], [[0], [0], [0], [1]])
    expect(baselineOf(data, test, 'label', accuracy)).toEqual({
      name: 'most-frequent',
      answer: 'y',
      metrics: { accuracy: 0.25 },
    })
  })

  it('of sequences is the source where most symbols are shared, else the most frequent whole answer', () => {
    const exact = buildMetrics([{ type: 'exact-match' }])
    const vocabulary = { symbols: [...specials, 'a', 'b'], specials: true }
    const train = split(
      [[4], [5]],
      [
        [4, 5],
        [4, 5],
      ],
    )
    const test = split([[4], [4, 5]], [[4], [4]])
    const shared = dataset({ sourceVocabulary: vocabulary, targetVocabulary: vocabulary, train })
    expect(baselineOf(shared, test, 'sequence', exact)).toEqual({ name: 'copying', metrics: { 'exact-match': 0.5 } })
    const apart = dataset({
      sourceVocabulary: vocabulary,
      targetVocabulary: { symbols: [...specials, 'A', 'B'], specials: true },
      train,
    })
    expect(baselineOf(apart, split([[4], [4]], [[4, 5], [5]]), 'sequence', exact)).toEqual({
      name: 'most-frequent',
      answer: 'A B',
      metrics: { 'exact-match': 0.5 },
    })
  })

  it('is none of next tokens, without examples, and where metrics read more than outputs', () => {
    const vocabulary = { symbols: [...specials, 'a'], specials: true }
    const data = dataset({ sourceVocabulary: vocabulary, targetVocabulary: vocabulary, train: split([[4]], [[4]]) })
    expect(baselineOf(data, split([[4]], [[4]]), 'next-tokens', accuracy)).toBeUndefined()
    expect(baselineOf(data, split([], []), 'sequence', accuracy)).toBeUndefined()
    expect(baselineOf(data, split([[4]], [[4]]), 'sequence', buildMetrics([{ type: 'perplexity' }]))).toBeUndefined()
  })
})
