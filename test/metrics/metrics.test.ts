import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editDistance } from '../../src/metrics/distance.js'
import { addStatistics, corpusValue, scoreExample } from '../../src/metrics/evaluate.js'
import { metricOf, metrics } from '../../src/metrics/index.js'
import type { ScoredExample } from '../../src/metrics/types.js'

const tokens = (text: string) => text.split(' ').filter((token) => token !== '')
const example = (hypothesis: string, ...references: string[]): ScoredExample => ({
  source: [],
  hypothesis: tokens(hypothesis),
  references: references.map(tokens),
})
function value(type: string, ...examples: ScoredExample[]): number {
  const rows = examples.map((one) => scoreExample([{ type }], one)[type] ?? [])
  return corpusValue({ type }, addStatistics(rows))
}

describe('by hand', () => {
  // HH EH L OW against HH AH L OW: 1 edit of 4. K AE T against K AE T: none of 3. Nothing against D AO G: 3 of 3.
  const words = [example('HH EH L OW', 'HH AH L OW'), example('K AE T', 'D AO G', 'K AE T'), example('', 'D AO G')]
  test.each([
    ['per', 4 / 10],
    ['ser', 4 / 10],
    ['wer', 2 / 3],
    ['exact-match', 1 / 3],
    ['accuracy', 1 / 3],
    // 3 of 4, 3 of 3, 0 of 3 places.
    ['token-accuracy', 6 / 10],
    // hheh.. joined without spaces: HHEHLOW against HHAHLOW 1 of 7; KAET 0 of 4; nothing against DAOG 4 of 4.
    ['cer', 5 / 15],
  ])('%s', (type, expected) => expect(value(type, ...words)).toBeCloseTo(expected, 12))

  test('the nearest reference counts; of equally near ones the longest', () => {
    expect(metricOf('per').statistics(example('a b', 'a c d e', 'a c', 'a b c'), {})).toEqual([1, 3])
  })

  test('characters are counted with the joiner', () => {
    const one = { ...example('ab cd', 'ab cx'), joiner: ' ' }
    expect(metricOf('cer').statistics(one, {})).toEqual([1, 5])
  })

  test('cross-entropy and perplexity', () => {
    const nats = (crossEntropyNats: number, crossEntropyTokens: number) => ({
      ...example('a', 'a'),
      crossEntropyNats,
      crossEntropyTokens,
    })
    // Two tokens at probability 1/4, four at 1/2: 2 ln 4 + 4 ln 2 = 8 ln 2 over 6 tokens.
    const both = [nats(2 * Math.log(4), 2), nats(4 * Math.log(2), 4)]
    expect(value('cross-entropy', ...both)).toBeCloseTo((8 / 6) * Math.LN2, 12)
    expect(value('perplexity', ...both)).toBeCloseTo(2 ** (8 / 6), 12)
    expect(() => value('perplexity', example('a', 'a'))).toThrow('without its cross-entropy')
  })
})

test('no examples score as NaN, never as a number', () => {
  expect(corpusValue({ type: 'per' }, addStatistics([]))).toBeNaN()
})

test('an unknown metric is named with those that exist', () => {
  expect(() => metricOf('toString')).toThrow('No metric "toString" among: accuracy')
})

const token = fc.constantFrom('a', 'b', 'c', 'ab')
const row = fc.array(token, { minLength: 1, maxLength: 8 })
const scored = fc.record({
  source: row,
  references: fc.array(row, { minLength: 1, maxLength: 3 }),
  hypothesis: fc.array(token, { maxLength: 8 }),
  crossEntropyNats: fc.double({ min: 0, max: 50, noNaN: true }),
  crossEntropyTokens: fc.integer({ min: 1, max: 9 }),
})

test('edit distance is a metric on rows of tokens', () => {
  fc.assert(
    fc.property(row, row, row, (a, b, c) => {
      expect(editDistance(a, a)).toBe(0)
      expect(editDistance(a, b)).toBe(editDistance(b, a))
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c))
      expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
    }),
  )
})

test.each(Object.keys(metrics.parts))('%s: in its range, sums do not depend on the order', (type) => {
  const { range } = metricOf(type)
  fc.assert(
    fc.property(fc.array(scored, { minLength: 1, maxLength: 5 }), (examples) => {
      const result = value(type, ...examples)
      expect(result).toBeGreaterThanOrEqual(range[0])
      expect(result).toBeLessThanOrEqual(range[1])
      expect(value(type, ...examples.toReversed())).toBeCloseTo(result, 9)
    }),
  )
})
