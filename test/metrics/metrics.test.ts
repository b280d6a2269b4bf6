import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numberOrNaN, undefinedBecause } from '../../src/core/measured.js'
import { editDistance } from '../../src/metrics/distance.js'
import { type MetricSpec, metrics } from '../../src/metrics/index.js'
import { addStatistics, buildMetrics, corpusValue, corpusValues, scoreExample } from '../../src/metrics/score.js'
import type { MetricPart, ScoredExample } from '../../src/metrics/types.js'

const tokens = (text: string) => text.split(' ').filter((token) => token !== '')
const example = (hypothesis: string, ...references: string[]): ScoredExample => ({
  source: [],
  hypothesis: tokens(hypothesis),
  references: references.map(tokens),
})
/** A metric with the defaults of its options. */
function specOf(type: string): MetricSpec {
  const part: MetricPart = metrics.get(type)
  const options = Object.entries<{ default?: unknown }>(part.options.properties)
  return { type, ...Object.fromEntries(options.map(([name, schema]) => [name, schema.default])) } as MetricSpec
}
function value(type: string, ...examples: ScoredExample[]): number {
  const built = buildMetrics([specOf(type)])
  const scores = examples.map((one) => scoreExample(built, one))
  return numberOrNaN(corpusValues(built, scores)[type] ?? Number.NaN)
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
    expect(metrics.build({ type: 'per' }).statistics(example('a b', 'a c d e', 'a c', 'a b c'))).toEqual([
      1, 3, 0, 0, 1,
    ])
  })

  test('characters are counted with the joiner', () => {
    const one = { ...example('ab cd', 'ab cx'), joiner: ' ' }
    expect(metrics.build({ type: 'cer' }).statistics(one)).toEqual([1, 5, 1, 0, 0])
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
    expect(value('bits-per-character', ...both)).toBeCloseTo(8 / 6, 12)
    expect(() => value('perplexity', example('a', 'a'))).toThrow('without its cross-entropy')
  })
})

describe('tags and classes by hand', () => {
  const labels = ['O', 'B-x', 'I-x', 'B-y']
  test('slot-f1: a slot is right where type, start and end are', () => {
    // In the reference x 0-2 and y 3-4; predicted x 0-1 and y 3-4: one of two and two.
    const one = example('B-x O O B-y', 'B-x I-x O B-y')
    expect(
      metrics.build({ type: 'slot-f1', scheme: 'auto', count: 'conlleval', outside: 'O' }).statistics(one),
    ).toEqual([1, 2, 2])
    expect(value('slot-f1', one)).toBe(0.5)
    // Where neither side has a slot there is nothing to be right or wrong in.
    expect(value('slot-f1', example('O O', 'O O'))).toBeNaN()
    // A prediction that was cut short misses what it does not reach.
    expect(
      metrics
        .build({ type: 'slot-f1', scheme: 'auto', count: 'conlleval', outside: 'O' })
        .statistics(example('B-x', 'B-x O B-y')),
    ).toEqual([1, 1, 2])
  })

  test('slot-f1: tags without prefix, another name for outside', () => {
    const one = example('time time other place', 'time time place place')
    expect(
      metrics.build({ type: 'slot-f1', scheme: 'none', count: 'conlleval', outside: 'other' }).statistics(one),
    ).toEqual([1, 2, 2])
  })

  test('macro-f1', () => {
    // O: 2 of 2 right, one surplus: 4/5. B-x: 1 right: 1. I-x: missed: 0. B-y does not occur.
    const one = { ...example('B-x O O O', 'B-x I-x O O'), labels }
    expect(value('macro-f1', one)).toBeCloseTo((4 / 5 + 1 + 0) / 3, 12)
    // A label that training never saw is a label of its own, which is never right.
    expect(value('macro-f1', { ...example('O', 'new'), labels })).toBe(0)
    // Any of several accepted labels is right.
    expect(value('macro-f1', { ...example('O', 'B-x', 'O'), labels })).toBe(1)
  })
})

test('forecasts by hand', () => {
  // Errors 1, -2 of series one and 0, 3 of series two; naive errors 2 and 1.
  const values = { reference: [1, 1, 4, 1], predicted: [2, 1, 2, 4], naiveErrors: [2, 1] }
  const one = { ...example('', ''), values }
  expect(value('mae', one)).toBe(6 / 4)
  expect(value('rmse', one)).toBeCloseTo(Math.sqrt(14 / 4), 12)
  expect(value('mase', one)).toBe((1 / 2 + 2 / 2 + 0 + 3) / 4)
  expect(value('mse', one)).toBe(14 / 4)
  // 2·1/3, 2·0/2, 2·2/6, 2·3/5.
  expect(value('smape', one)).toBeCloseTo((2 / 3 + 0 + 4 / 6 + 6 / 5) / 4, 12)
})

test('errors of scaled values: each series in units of its own', () => {
  const values = { reference: [1, 1, 4, 1], predicted: [2, 1, 2, 4], scales: [2, 10] }
  const one = { ...example('', ''), values }
  const scaled = (type: 'mae' | 'mse' | 'rmse') => {
    const metric = metrics.build({ type, of: 'scaled' })
    return corpusValue(metric, metric.statistics(one))
  }
  // Errors 1/2, 0, -2/2 and 3/10.
  expect(scaled('mae')).toBeCloseTo((0.5 + 1 + 0.3) / 4, 12)
  expect(scaled('mse')).toBeCloseTo((0.25 + 1 + 0.09) / 4, 12)
  expect(scaled('rmse')).toBeCloseTo(Math.sqrt(1.34 / 4), 12)
  const without = { ...example('', ''), values: { reference: [1], predicted: [2] } }
  expect(() => metrics.build({ type: 'mae', of: 'scaled' }).statistics(without)).toThrow('without the scales')
})

test('skill against the seasonal naive forecast', () => {
  // Errors 1 + 0 + 2 + 3 = 6 against 2 + 1 + 4 + 5 = 12.
  const values = { reference: [1, 1, 4, 1], predicted: [2, 1, 2, 4], naive: [3, 0, 0, 6] }
  expect(value('skill', { ...example('', ''), values })).toBe(0.5)
  const skill = metrics.build({ type: 'skill' })
  expect(corpusValue(skill, [3, 0, 4])).toEqual(undefinedBecause('the naive forecast has no error here'))
  const short = skill.statistics({ ...example('', ''), values: { reference: [1], predicted: [2] } })
  expect(corpusValue(skill, short)).toEqual(
    undefinedBecause('the window is shorter than the season, so that there is no naive forecast'),
  )
})

test('bleu by hand: brevity and smoothing', () => {
  // the cat sat on | the cat sat on the mat: all n-grams match, four tokens for six.
  expect(value('bleu', example('the cat sat on', 'the cat sat on the mat'))).toBeCloseTo(100 * Math.exp(1 - 6 / 4), 9)
  // a b c x | a b c d: 3/4, 2/3, 1/2 and, smoothed, 1/2.
  expect(value('bleu', example('a b c x', 'a b c d'))).toBeCloseTo(
    100 * ((3 / 4) * (2 / 3) * (1 / 2) * (1 / 2)) ** 0.25,
    9,
  )
})

describe('of several references', () => {
  const row = (type: string, hypothesis: string, ...references: string[]) =>
    metrics.build(specOf(type)).statistics(example(hypothesis, ...references))

  test('bleu takes the nearest length, of equally near ones the shorter, and of each n-gram the largest count', () => {
    expect(row('bleu', 'a b c', 'a b c d', 'a b').slice(0, 2)).toEqual([3, 2])
    expect(row('bleu', 'a b c', 'a b', 'a b c d').slice(0, 2)).toEqual([3, 2])
    expect(row('bleu', 'a b c', 'a', 'a b c d').slice(0, 2)).toEqual([3, 4])
    // a a a: three of a, of which a reference has two; two of a a, of which it has one. Last one example, three references, their square.
    expect(row('bleu', 'a a a', 'a', 'a a', 'b')).toEqual([3, 2, 2, 3, 1, 2, 0, 1, 0, 0, 1, 3, 9])
  })

  test('token accuracy takes the highest share, of equal ones the first; an empty output is all of an empty one', () => {
    expect(row('token-accuracy', 'a x', 'a b', 'a x c d')).toEqual([1, 2])
    expect(row('token-accuracy', 'a x', 'a x c d', 'a b')).toEqual([2, 4])
    expect(row('token-accuracy', 'a x', 'b b', 'a b', 'c x')).toEqual([1, 2])
    expect(row('token-accuracy', '', 'a', '')).toEqual([0, 0])
    expect(row('token-accuracy', 'a', '', 'b')).toEqual([0, 1])
  })

  test('an edit rate takes the nearest, of equally near ones the longest, wherever it is', () => {
    expect(row('per', 'a b', 'a b c', 'a c', 'a')).toEqual([1, 3, 0, 0, 1])
    expect(row('per', 'a b', 'a', 'a c', 'a b c')).toEqual([1, 3, 0, 0, 1])
    expect(row('per', 'a b', 'x y z u', 'a b')).toEqual([0, 2, 0, 0, 0])
  })

  test('chrf and slot-f1 take the best', () => {
    expect(row('chrf', 'ab', 'xy', 'ab').slice(0, 3)).toEqual([2, 2, 2])
    expect(row('slot-f1', 'B-x O', 'O O', 'B-x O', 'B-x B-x')).toEqual([1, 1, 1])
    // No slots where an accepted answer has none: nothing is missed.
    expect(row('slot-f1', 'O O', 'B-x O', 'O O')).toEqual([0, 0, 0])
  })

  test('whole outputs equal one of them, neither its beginning nor more', () => {
    const right = (hypothesis: string) => row('exact-match', hypothesis, 'a b', 'c')[0]
    expect(['a b', 'c', 'a', 'a b c', 'a c', ''].map(right)).toEqual([1, 1, 0, 0, 0, 0])
  })

  test.each(['per', 'token-accuracy', 'chrf', 'slot-f1'])('%s needs one', (type) => {
    expect(() => row(type, 'a')).toThrow('An example without a reference cannot be scored')
  })
})

test('bleu by hand: none in common, too short, nothing at all, and longer than the reference', () => {
  expect(value('bleu', example('x y z u', 'a b c d'))).toBe(0)
  expect(value('bleu', example('a b c', 'a b c'))).toBe(0)
  expect(value('bleu', example('', 'a b c d e'))).toBe(0)
  expect(value('bleu', example('a b c d', 'a b c d'))).toBeCloseTo(100, 12)
  // 4/5, 3/4, 2/3, 1/2 without a penalty.
  expect(value('bleu', example('a b c d e', 'a b c d'))).toBeCloseTo(100 * (1 / 5) ** 0.25, 9)
  // The second that is 0 is smoothed to 1/4: 3/4, 1/3, then 1/2 of 2 and 1/4 of 1.
  expect(value('bleu', example('a x b c', 'a y b c'))).toBeCloseTo(
    100 * ((3 / 4) * (1 / 3) * (1 / 4) * (1 / 4)) ** 0.25,
    9,
  )
})

test('chrf by hand', () => {
  // ab | ac: 1 of 2 characters, 0 of 1 pair: P = R = 1/4.
  expect(value('chrf', example('ab', 'ac'))).toBeCloseTo(25, 12)
  // abc | ab: P = (2/3 + 1/2) / 2 = 7/12, R = 1 (the order 3 is left out): 5 · 7/12 / (4 · 7/12 + 1).
  expect(value('chrf', example('a b c', 'a b'))).toBeCloseTo(87.5, 12)
  // ab | abc: P = 1, R = 7/12: 5 · 7/12 / (4 + 7/12) = 35/55.
  expect(value('chrf', example('ab', 'abc'))).toBeCloseTo((100 * 35) / 55, 12)
  expect(value('chrf', example('x', 'a'))).toBe(0)
  expect(value('chrf', example('', 'a'))).toBe(0)
  const spaced = metrics.build(specOf('chrf')).statistics({ ...example('a b', 'a\u00a0b'), joiner: ' \t ' })
  expect(spaced.slice(0, 6)).toEqual([2, 2, 2, 1, 1, 1])
})

test('macro-f1 by hand: surplus and missing labels, and those that training has not seen', () => {
  const labels = ['a', 'b']
  const row = (hypothesis: string, ...references: string[]) =>
    metrics.build({ type: 'macro-f1' }).statistics({ ...example(hypothesis, ...references), labels })
  // For a, b and all others: right, surplus, missing.
  expect(row('a b a', 'a')).toEqual([1, 1, 0, 0, 1, 0, 0, 0, 0])
  expect(row('a', 'a b b')).toEqual([1, 0, 0, 0, 0, 2, 0, 0, 0])
  expect(row('x y', 'a z')).toEqual([0, 0, 1, 0, 0, 0, 0, 2, 1])
  expect(row('b', 'a', 'b')).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0])
  expect(() => metrics.build({ type: 'macro-f1' }).statistics(example('a', 'a'))).toThrow('without the set of labels')
})

test('forecasts need numbers, as many as their reference, and for MASE the naive errors', () => {
  const statistics = (type: string, values?: ScoredExample['values']) => () =>
    metrics.build(specOf(type)).statistics({ ...example('', ''), ...(values && { values }) })
  expect(statistics('mae')).toThrow('without its numbers')
  expect(statistics('mae', { reference: [1, 2], predicted: [1] })).toThrow('as many numbers')
  expect(statistics('mase', { reference: [1], predicted: [1] })).toThrow('without the errors of the naive forecast')
  expect(statistics('mase', { reference: [1, 1, 1], predicted: [2, 3, 4], naiveErrors: [1, 2] })()).toEqual([5, 3, 0])
  expect(metrics.build({ type: 'mase' }).note?.([1, 1, 0])).toBeUndefined()
})

test('what metrics measure is declared: range, direction, unit and tasks', () => {
  const declared = Object.entries(metrics.parts).map(
    ([name, { range, better, unit, tasks }]) =>
      `${name}: ${range.join(' to ')}, ${better}, ${unit}; ${tasks.join(' ')}`,
  )
  expect(declared).toEqual([
    'accuracy: 0 to 1, higher, percent; classify',
    'aer: 0 to 1, lower, percent; transduce',
    'alignment-mass: 0 to 1, higher, percent; transduce',
    'bits-per-character: 0 to Infinity, lower, number; language-model',
    'bleu: 0 to 100, higher, points; transduce generate',
    'cer: 0 to Infinity, lower, percent; transduce generate',
    'chrf: 0 to 100, higher, points; transduce generate',
    'cross-entropy: 0 to Infinity, lower, nats; transduce generate tag classify language-model',
    'exact-match: 0 to 1, higher, percent; transduce generate tag',
    'f1: 0 to 1, higher, percent; classify tag',
    'macro-f1: 0 to 1, higher, percent; classify tag',
    'mae: 0 to Infinity, lower, number; forecast',
    'mase: 0 to Infinity, lower, number; forecast',
    'mse: 0 to Infinity, lower, number; forecast',
    'per: 0 to Infinity, lower, percent; transduce generate',
    'perplexity: 1 to Infinity, lower, number; transduce generate language-model',
    'precision: 0 to 1, higher, percent; classify tag',
    'recall: 0 to 1, higher, percent; classify tag',
    'rmse: 0 to Infinity, lower, number; forecast',
    'ser: 0 to Infinity, lower, percent; transduce generate',
    'skill: -Infinity to 1, higher, percent; forecast',
    'slot-f1: 0 to 1, higher, percent; tag',
    'smape: 0 to 2, lower, percent; forecast',
    'token-accuracy: 0 to 1, higher, percent; tag transduce generate',
    'wer: 0 to 1, lower, percent; transduce generate',
  ])
})

test('no examples score as undefined, never as a number', () => {
  const none = corpusValue(metrics.build({ type: 'per' }), addStatistics([]))
  expect(none).toEqual(undefinedBecause('there are no examples'))
})

test('an unknown metric is named with those that exist', () => {
  const unknown = () => metrics.get('toString')
  expect(unknown).toThrow('there is no metric `toString`')
  expect(unknown).toThrow(expect.objectContaining({ hint: expect.stringContaining('Known: accuracy') }))
})

const token = fc.constantFrom('a', 'b', 'c', 'ab')
const row = fc.array(token, { minLength: 1, maxLength: 8 })
const link = fc.tuple(fc.nat(4), fc.nat(3))
const scored = fc.record({
  source: row,
  references: fc.array(row, { minLength: 1, maxLength: 3 }),
  hypothesis: fc.array(token, { maxLength: 8 }),
  crossEntropyNats: fc.double({ min: 0, max: 50, noNaN: true }),
  crossEntropyTokens: fc.integer({ min: 1, max: 9 }),
  labels: fc.constant(['a', 'b', 'c']),
  attended: fc.record({
    weights: fc.array(fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { minLength: 5, maxLength: 5 }), {
      minLength: 4,
      maxLength: 4,
    }),
    sure: fc.array(link, { minLength: 1 }),
    possible: fc.array(link),
  }),
  values: fc
    // As float32, whose differences have squares: without one, rmse and mse have no value.
    .array(fc.tuple(fc.float({ min: -9, max: 9, noNaN: true }), fc.float({ min: -9, max: 9, noNaN: true })), {
      minLength: 1,
    })
    .map((pairs) => ({
      reference: pairs.map(([one]) => one),
      predicted: pairs.map(([, two]) => two),
      naiveErrors: [1, 2],
      // Outside of what references can be: its error is not 0, where skill has no value.
      naive: pairs.map((_, at) => 10 + (at % 3)),
    })),
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
  const { range } = metrics.get(type)
  fc.assert(
    fc.property(fc.array(scored, { minLength: 1, maxLength: 5 }), (examples) => {
      const result = value(type, ...examples)
      expect(result).toBeGreaterThanOrEqual(range[0])
      expect(result).toBeLessThanOrEqual(range[1] + 1e-9)
      expect(value(type, ...examples.toReversed())).toBeCloseTo(result, 9)
    }),
  )
})
