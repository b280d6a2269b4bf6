import { describe, expect, test } from 'vitest'
import { charactersInOtherForm } from '../../src/data/encoding/other-forms.js'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { resolveData } from '../../src/data/rules.js'
import { encodeTestSet, readTest } from '../../src/data/test-set.js'
import type { Dataset, Sides } from '../../src/data/types.js'
import { byCharacters, byWords, pairs, rowsOf } from '../support/data.js'

const labels: Sides = { source: 'tokens', target: 'labels' }
const none: Sides = { source: 'tokens', target: 'none' }
const values: Sides = { source: 'values', target: 'values' }

type Pairs = [source: string, target: string][]

const inline = (sets: { examples?: Pairs; train?: Pairs; dev?: Pairs; test?: Pairs }): DataOptions['source'] => ({
  type: 'inline',
  ...sets,
})
const windows = { window: 2, horizon: 1, stride: 1, scale: 'minmax', season: 1 } as const
const series = (values: number[] | number[][]): DataOptions['source'] => ({ type: 'series', ...windows, values })

const load = (options: DataOptions, sides: Sides) => loadDataset(options, sides, { baseDir: '.' })

/** The test set of some data, by what a dataset that was trained on has. */
async function testSetOf(written: DataOptions, sides: Sides, trained: Partial<Dataset>, whole = false) {
  const { sourceVocabulary: source, targetVocabulary: target, scaling } = trained
  const vocabularies = { ...(source && { source }), ...(target && { target }) }
  const options = resolveData(written, sides)
  const read = await readTest({ options, baseDir: '.', whole })
  return encodeTestSet(read, { options, whole }, { vocabularies, ...(scaling && { scaling }) }, sides)
}

const ten: Pairs = Array.from({ length: 10 }, (_, at) => [`s${at % 5}`, `t${at}`])

describe('the test set by itself is that of the dataset', () => {
  test.each<[string, DataOptions, Sides]>([
    [
      'a given one',
      {
        source: inline({
          train: ten,
          dev: [['s1', 'a']],
          test: [
            ['s2', 'b'],
            ['s9', 't1'],
          ],
        }),
      },
      pairs,
    ],
    ['one split off', { source: inline({ examples: ten }), split: { dev: 1, test: 2, seed: 4 } }, pairs],
    [
      'every answer apart',
      { source: inline({ examples: ten }), split: { dev: 1, test: 2 }, references: 'separate' },
      pairs,
    ],
    [
      'a part of it',
      {
        source: inline({ examples: ten }),
        split: { dev: 1, test: 3, keepTogether: 'pair' },
        limit: { test: 2, seed: 3 },
      },
      pairs,
    ],
    ['where training and dev are given', { source: inline({ train: ten, dev: ten }), split: { test: 1 } }, pairs],
    ['labels', { source: inline({ train: [['a b', 'X Y']], dev: [['a', 'X']], test: [['b c', 'Y Z']] }) }, labels],
    [
      'running text',
      { source: { type: 'text', text: 'a b\nc\na\nb', unit: 'line' }, split: { dev: 1, test: 1 } },
      none,
    ],
    ['series', { source: series([3, 1, 4, 1, 5, 9, 2, 6]), split: { dev: 1, test: 2 } }, values],
    [
      'some windows of series',
      { source: series([3, 1, 4, 1, 5, 9, 2, 6]), split: { dev: 1, test: 3 }, limit: { test: 2 } },
      values,
    ],
  ])('%s', async (_, options, sides) => {
    const dataset = await load(options, sides)
    const { split, digest } = await testSetOf(options, sides, dataset)
    expect(split).toEqual(dataset.test)
    expect(digest).toBe(dataset.digests.test)
  })
})

describe('another test set', () => {
  const short = { ...byWords, maxLength: 2 }
  const trained = { source: inline({ train: [['a b', 'x y']], dev: [['a', 'x']], test: [['b', 'y']] }) }

  test('has the ids of the model that was trained; what is unknown, cut and left out is counted', async () => {
    const dataset = await load(trained, pairs)
    const rows: Pairs = [
      ['b a', 'y'],
      ['', 'x'],
      ['c a b', 'x y x'],
      ['b a', 'x'],
      ['a', ''],
    ]
    const options = {
      source: inline({ train: rows }),
      sourceTokens: short,
      targetTokens: short,
      split: { dev: 1, test: 1 },
    }
    const { split, counts } = await testSetOf(options, pairs, dataset, true)
    // After the four special symbols: a 4, b 5; x 4, y 5.
    expect([rowsOf(split.source), rowsOf(split.target)]).toEqual([
      [
        [5, 4],
        [3, 4],
      ],
      [[5], [4, 5]],
    ])
    expect(split.references).toEqual({ texts: [['y'], ['x'], ['x', 'y', 'x']], offsets: Int32Array.of(0, 2, 3) })
    expect(counts).toEqual({
      read: 5,
      dropped: { 'empty source': 1, 'empty target': 1 },
      cut: { 'test source longer than 2': 1, 'test target longer than 2': 1 },
      unknownTokens: { 'test source': 1 },
      merged: { test: { read: 3, examples: 2 } },
    })
  })

  test('whole: all examples of the one set, whatever the split and the other sets are', async () => {
    const dataset = await load(trained, pairs)
    const one = {
      source: inline({ train: ten, test: [['s1', 'x']] }),
      split: { dev: 2 },
      references: 'separate' as const,
    }
    expect((await testSetOf(one, pairs, dataset, true)).split.size).toBe(10)
    expect((await testSetOf(one, pairs, dataset)).split.size).toBe(1)
    expect((await testSetOf({ ...one, references: 'grouped' }, pairs, dataset, true)).split.size).toBe(5)
  })

  test('beyond the limit nothing is taken, and that is counted', async () => {
    const dataset = await load(trained, pairs)
    const one = { source: inline({ examples: ten }), split: { dev: 1, test: 1 }, limit: { test: 3 } }
    const { split, counts } = await testSetOf(one, pairs, dataset, true)
    expect([split.size, counts.dropped]).toEqual([3, { 'test beyond the limit': 2 }])
    const all = await testSetOf({ ...one, limit: { test: 5 } }, pairs, dataset, true)
    expect([all.split.size, all.counts.dropped]).toEqual([5, {}])
  })

  test('sources are the same as characters, but not as words that make the same text', async () => {
    const rows: Pairs = [
      ['a b', 'x'],
      ['ab', 'y'],
    ]
    const dataset = await load(trained, pairs)
    const options = { source: inline({ examples: rows }), split: { dev: 1, test: 1 } }
    expect((await testSetOf(options, pairs, dataset, true)).split.size).toBe(2)
    const same: Pairs = [
      ['\u00e9', 'x'],
      ['e\u0301', 'y'],
    ]
    const letters = { ...options, source: inline({ examples: same }), sourceTokens: byCharacters }
    expect((await testSetOf(letters, pairs, dataset, true)).split.size).toBe(1)
  })

  test('of running text is its own target', async () => {
    const text = (lines: string): DataOptions => ({
      ...{ source: { type: 'text', text: lines, unit: 'line' }, split: { dev: 1, test: 1 } },
    })
    const { split } = await testSetOf(text('b a'), none, await load(text('a\na\na b\nb'), none), true)
    expect(split.target).toBe(split.source)
  })

  test('without examples is an error', async () => {
    const dataset = await load(trained, pairs)
    const empty = { source: inline({ examples: [['', 'x']] }), split: { dev: 1, test: 1 } }
    await expect(testSetOf(empty, pairs, dataset, true)).rejects.toMatchObject({
      code: 'data',
      message: 'data: there are no test examples',
      hint: 'every one has an empty side, or there is none',
    })
  })

  test('of symbols needs a model that has some', async () => {
    const one = { source: inline({ examples: ten }), split: { dev: 1, test: 1 } }
    await expect(testSetOf(one, pairs, {}, true)).rejects.toThrow('the model has no symbols, and these data have')
  })
})

describe('another series', () => {
  const trained = { source: series([0, 1, 2, 3, 4, 5, 6]), split: { dev: 1, test: 1 } }
  const numbersOf = ({ data }: { data: ArrayLike<number> }) => Array.from(data)

  test('is scaled as training was; whole, all of its windows are the test set', async () => {
    // Training is 0 to 4: a quarter a unit.
    const dataset = await load(trained, values)
    const options = { source: series([4, 8, 2, 1]), split: { dev: 1, test: 1 } }
    const { split, counts, digest } = await testSetOf(options, values, dataset, true)
    expect(numbersOf(split.source)).toEqual([1, 2, 2, 0.5])
    expect(numbersOf(split.target)).toEqual([0.5, 0.25])
    expect(counts).toEqual({ read: 2, dropped: {}, cut: {}, unknownTokens: {} })
    const last = await testSetOf({ ...options, source: series([9, 9, 4, 8, 2]) }, values, dataset)
    expect([numbersOf(last.split.source), numbersOf(last.split.target)]).toEqual([[1, 2], [0.5]])
    expect(last.digest).not.toBe(digest)
  })

  test('may be one window, not less', async () => {
    const dataset = await load(trained, values)
    expect((await testSetOf({ ...trained, source: series([1, 2, 3]) }, values, dataset, true)).split.size).toBe(1)
    await expect(testSetOf({ ...trained, source: series([1, 2]) }, values, dataset, true)).rejects.toMatchObject({
      problems: [
        { message: 'the series has no window', expected: 'at least 3 steps (window and horizon)', received: '2' },
      ],
    })
  })

  test('has as many series, of the same names where they have names', async () => {
    const twins = await load({ ...trained, source: series([0, 1, 2, 3, 4, 5, 6].map((n) => [n, 2 * n])) }, values)
    const message = 'the series are not those that the model was trained on'
    const refusal = { problems: [{ message, expected: 'series 1, series 2', received: 'series 1' }] }
    await expect(testSetOf(trained, values, twins, true)).rejects.toMatchObject(refusal)
    await expect(testSetOf(trained, values, twins)).rejects.toMatchObject(refusal)
    const [one, other] = twins.scaling ?? []
    if (one === undefined || other === undefined) throw new Error('two series have two scales')
    const named = { scaling: [one, { ...other, name: 'wind' }] }
    const two = { ...trained, source: series([0, 1, 2, 3].map((n) => [n, n])) }
    await expect(testSetOf(two, values, named, true)).rejects.toMatchObject({
      problems: [{ expected: 'series 1, wind', received: 'series 1, series 2' }],
    })
    expect((await testSetOf(two, values, twins, true)).split.size).toBe(2)
    // Of a split of one's own they need no names.
    const others = {
      scaling: [
        { ...one, name: 'sun' },
        { ...other, name: 'wind' },
      ],
    }
    await expect(testSetOf(two, values, others, true)).rejects.toMatchObject({
      problems: [{ expected: 'sun, wind', received: 'series 1, series 2' }],
    })
    expect(
      (
        await testSetOf(
          { ...two, split: { dev: 1, test: 1 }, source: series([...Array(6)].map((_, n) => [n, n])) },
          values,
          others,
        )
      ).split.size,
    ).toBe(1)
  })

  test('must be numbers that float32 holds once scaled', async () => {
    const dataset = await load(trained, values)
    const huge = { ...trained, source: series([1, 1e40, 2, 3]) }
    await expect(testSetOf(huge, values, dataset, true)).rejects.toThrow(
      'step 2 of series 1 is too large, also when it is scaled',
    )
  })
})

describe('characters that are unknown in their form alone', () => {
  const [composed, e, acute, a, ring] = ['\u00e9', 'e', '\u0301', 'a', '\u030a']
  const count = (symbols: string[], ...rows: string[][]) => charactersInOtherForm(rows, { symbols, specials: false })

  test('are known once the text is composed or decomposed', () => {
    expect(count([e, acute], [composed])).toBe(1)
    expect(count([composed], [e, acute])).toBe(2)
    expect(count([composed, e], [e, acute], [composed], [e, acute, e, acute])).toBe(3)
  })

  test('others stay unknown', () => {
    expect(count([e, acute], [composed, 'x', composed])).toBe(2)
    expect(count([e, acute], ['x'])).toBe(0)
    // As written x is unknown; composed x and å, decomposed x and three others.
    expect(count([composed, a, ring], [composed, a, ring, 'x'])).toBe(0)
  })
})

test('a split that would take all examples or more is an error that says how all of them are scored', async () => {
  const trained = await load({ source: inline({ examples: ten }), split: { dev: 1, test: 1 } }, pairs)
  // Ten examples of five sources; by default 1000 sources are for dev and 2000 for test.
  await expect(testSetOf({ source: inline({ examples: ten }) }, pairs, trained)).rejects.toMatchObject({
    message:
      'data.split: the test split of these data, which is scored, would be all of them or more; expected dev and test to be fewer than the 5 different sources, received 1000 + 2000',
    hint: 'to score all of them name them as `test:` in data.source, instead of `file:`; to score a part set data.split',
  })
})
