import { describe, expect, test } from 'vitest'
import { undefinedBecause } from '../../src/core/measured.js'
import { type MetricSpec, metrics } from '../../src/metrics/index.js'
import { corpusValue, metricResult, outcomesOf } from '../../src/metrics/score.js'
import { statisticsTable } from '../../src/stats/bootstrap.js'

const built = (type: string, options: object = {}) => metrics.build({ type, ...options } as MetricSpec)
const resultOf = (type: string, rows: readonly (readonly number[])[], options: object = {}) =>
  metricResult(built(type, options), statisticsTable(rows))

describe('a result says', () => {
  test('which edits it is made of, where they were counted', () => {
    // Edits, symbols of the reference, substitutions, insertions, deletions.
    const rows = [
      [3, 5, 1, 2, 0],
      [1, 4, 0, 0, 1],
    ]
    const counts = { substitutions: 1, insertions: 2, deletions: 1 }
    for (const type of ['ser', 'per', 'cer']) expect(resultOf(type, rows)).toMatchObject({ value: 4 / 9, counts })
    expect(Object.keys(resultOf('ser', rows))).toEqual(['value', 'interval', 'counts'])
    // Earlier versions counted edits alone.
    const before = rows.map((row) => row.slice(0, 2))
    expect(Object.keys(resultOf('ser', before))).toEqual(['value', 'interval'])
    expect(built('ser').counts?.([4, 9, 1, 2])).toBeUndefined()
  })

  test('how it is computed, where tools differ', () => {
    // The last three sums: examples, their references, and the squares of these.
    const [bleu, chrf] = [Array(10).fill(0), Array(18).fill(0)]
    const signatureOf = (type: string, sums: readonly number[], options: object = {}) =>
      built(type, options).signature?.(sums)
    expect(signatureOf('bleu', [...bleu, 5, 5, 5])).toBe('nrefs:1|case:mixed|eff:no|tok:none|smooth:exp|version:2.6.0')
    const lower = { tokenize: '13a', smooth: 'floor', lowercase: true }
    expect(signatureOf('bleu', [...bleu, 5, 10, 20], lower)).toBe(
      'nrefs:2|case:lc|eff:no|tok:13a|smooth:floor[0.10]|version:2.6.0',
    )
    expect(signatureOf('chrf', [...chrf, 2, 3, 5], { beta: 2 })).toBe(
      'nrefs:var|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0',
    )
    // Earlier versions did not count references.
    expect(signatureOf('bleu', bleu)).toBe('case:mixed|eff:no|tok:none|smooth:exp|version:2.6.0')
    const rows = [
      [4, 4, 4, 4, 3, 3, 2, 2, 1, 1, 1, 1, 1],
      [4, 4, 4, 4, 3, 3, 2, 2, 1, 1, 1, 1, 1],
    ]
    expect(resultOf('bleu', rows)).toMatchObject({ signature: signatureOf('bleu', [...bleu, 2, 2, 2]) })
  })

  test('nothing about a metric that has nothing to say', () => {
    const tags = { plain: {}, prefixed: {}, bare: {}, after: { B: { like: 0, other: 0 }, I: { like: 0, other: 0 } } }
    expect(outcomesOf([{ type: 'ser' }, { type: 'exact-match' }], { tags })).toEqual([])
  })
})

describe('options that earlier specs do not have', () => {
  const row = (type: string, hypothesis: string[], reference: string[], options: object = {}) =>
    built(type, options).statistics({ source: [], hypothesis, references: [reference], joiner: ' ' })

  test('bleu: tokens as they are, smoothed by exp, with their case', () => {
    expect(row('bleu', ['A.', 'b'], ['a.', 'b'])).toEqual([2, 2, 1, 2, 0, 1, 0, 0, 0, 0, 1, 1, 1])
    // 2/4, then 1/2 of 3, 1/4 of 2 and 1/8 of 1.
    const smoothed = 100 * (0.5 * (1 / 6) * (1 / 8) * (1 / 8)) ** 0.25
    expect(corpusValue(built('bleu'), [4, 4, 2, 4, 0, 3, 0, 2, 0, 1])).toBeCloseTo(smoothed, 9)
  })

  test('chrf: characters alone, with their case', () => {
    expect(row('chrf', ['A'], ['a'], { beta: 2 })).toEqual([1, 1, 0, ...Array(15).fill(0), 1, 1, 1])
  })
})

describe('averages over labels', () => {
  test.each(['precision', 'recall', 'f1'])('%s of no labels is undefined, as a mean and of all together', (type) => {
    const reason = undefinedBecause('neither the references nor the predictions have labels')
    for (const average of ['macro', 'micro']) expect(corpusValue(built(type, { average }), [0, 0, 0])).toEqual(reason)
  })

  // a: 3 right, 1 surplus, 0 missing; b: never predicted, 2 missing; c: never wanted, 4 surplus; others: none.
  const sums = [3, 1, 0, 0, 0, 2, 0, 4, 0, 0, 0, 0]
  test.each([
    ['precision', 3 / 4 / 3, 3 / 8],
    ['recall', 1 / 3, 3 / 5],
    ['f1', 6 / 7 / 3, 6 / 13],
  ])('%s by hand', (type, macro, micro) => {
    expect(corpusValue(built(type, { average: 'macro' }), sums)).toBeCloseTo(macro, 12)
    expect(corpusValue(built(type, { average: 'micro' }), sums)).toBeCloseTo(micro, 12)
  })
})

test('smape is 0 where both numbers are 0, and 2 at most, up to the largest numbers', () => {
  const row = (reference: number[], predicted: number[]) =>
    built('smape').statistics({ source: [], hypothesis: [], references: [], values: { reference, predicted } })
  expect(row([0, 0, 3], [0, 2, 1])).toEqual([0 + 2 + (2 * 2) / 4, 3])
  expect(row([Number.MAX_VALUE], [-Number.MAX_VALUE])).toEqual([2, 1])
  expect(row([Number.MAX_VALUE, 4], [Number.MAX_VALUE, -4])).toEqual([0 + 2, 2])
})

describe('edits of the nearest reference', () => {
  const edits = (hypothesis: string, ...references: string[]) =>
    built('ser').statistics({
      ...{ source: [], hypothesis: hypothesis.split(' ') },
      references: references.map((reference) => reference.split(' ')),
    })

  test('a missing beginning and a surplus end are fewer than three substitutions', () => {
    expect(edits('b c x', 'a b c')).toEqual([2, 3, 0, 1, 1])
  })

  test('of references as near and as long the first counts', () => {
    expect(edits('a b c', 'b c x', 'x y c')).toEqual([2, 3, 0, 1, 1])
    expect(edits('a b c', 'x y c', 'b c x')).toEqual([2, 3, 2, 0, 0])
  })
})

test('a cross-entropy needs its nats and the tokens that they are over', () => {
  const example = { source: [], hypothesis: [], references: [] }
  for (const part of [{ crossEntropyNats: 1 }, { crossEntropyTokens: 1 }]) {
    expect(() => built('cross-entropy').statistics({ ...example, ...part })).toThrow('without its cross-entropy')
  }
  const whole = { ...example, crossEntropyNats: 3, crossEntropyTokens: 2 }
  expect(built('cross-entropy').statistics(whole)).toEqual([3, 2])
})

test('skill sums its own errors, those of the naive forecast, and the numbers', () => {
  const values = { reference: [1, 1, 4, 1], predicted: [2, 1, 2, 4], naive: [3, 0, 0, 6] }
  const row = built('skill').statistics({ source: [], hypothesis: [], references: [], values })
  // 1 + 0 + 2 + 3 and 2 + 1 + 4 + 5.
  expect(row).toEqual([6, 12, 4])
})
