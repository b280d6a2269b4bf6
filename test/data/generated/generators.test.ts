// Each generator's answers are worked out again, in another way where there is one; sets stay apart.

import type { TObject } from 'typebox'
import { describe, expect, test } from 'vitest'
import { SeqlabError } from '../../../src/core/errors.js'
import { sha256Bytes } from '../../../src/core/hash.js'
import { randomStream } from '../../../src/core/random.js'
import { drawSet, type Generator } from '../../../src/data/generating/draw.js'
import { loadDataset } from '../../../src/data/load.js'
import { addition } from '../../../src/data/sources/generated/addition.js'
import { associativeRecall } from '../../../src/data/sources/generated/associative-recall.js'
import { copy } from '../../../src/data/sources/generated/copy.js'
import { dates } from '../../../src/data/sources/generated/dates.js'
import { dyck } from '../../../src/data/sources/generated/dyck.js'
import { cycleNavigation } from '../../../src/data/sources/generated/regular/cycle-navigation.js'
import { evenPairs } from '../../../src/data/sources/generated/regular/even-pairs.js'
import { modularArithmetic } from '../../../src/data/sources/generated/regular/modular-arithmetic.js'
import { parity } from '../../../src/data/sources/generated/regular/parity.js'
import { reverse } from '../../../src/data/sources/generated/reverse.js'
import { selectiveCopying } from '../../../src/data/sources/generated/selective-copying.js'
import { sort } from '../../../src/data/sources/generated/sort.js'
import type { DataSourcePart, ExampleSource, RawExample } from '../../../src/data/sources/types.js'

type Source = DataSourcePart<TObject, ExampleSource>

const small = { seed: 13, examples: 300, minLength: 1, maxLength: 12, dev: { examples: 50 }, test: { examples: 50 } }

async function setsOf(part: Source, options: object = {}) {
  const { train, dev = [], test = [] } = await part.build({ ...small, ...options }).read({ baseDir: '' })
  return { train: [...train], dev: [...dev], test: [...test] }
}

async function all(part: Source, options: object = {}): Promise<RawExample[]> {
  return Object.values(await setsOf(part, options)).flat()
}

const textOf = (side: RawExample['source']) => [side].flat().join('')
const lengthOf = ({ source }: RawExample) => source.length

/** Lengths are those asked for, the smallest and the largest among them. */
function expectLengths(lengths: readonly number[], low: number, high: number) {
  expect(Math.min(...lengths)).toBe(low)
  expect(Math.max(...lengths)).toBe(high)
}

test('copy, reverse and sort', async () => {
  for (const example of await all(copy, { symbols: 10 })) expect(example.target).toEqual(example.source)
  const reversed = await all(reverse, { symbols: 10 })
  for (const { source, target } of reversed) expect([...target].reverse()).toEqual(source)
  expectLengths(reversed.map(lengthOf), 1, 12)
  const sorted = await all(sort, { symbols: 30 })
  for (const { source, target } of sorted) {
    const counts = (side: RawExample['source']) =>
      Array.from({ length: 30 }, (_, symbol) => [...side].filter((token) => token === `${symbol}`).length)
    expect(counts(target)).toEqual(counts(source))
    const numbers = [...target].map(Number)
    expect(numbers.every((number, at) => at === 0 || number >= (numbers[at - 1] ?? 0))).toBe(true)
  }
  expect(new Set(sorted.flatMap(({ source }) => [...source])).size).toBe(30)
})

test('test lengths apart from those of training', async () => {
  const { train, test: tested } = await setsOf(reverse, {
    symbols: 10,
    test: { examples: 40, minLength: 13, maxLength: 20 },
  })
  expectLengths(train.map(lengthOf), 1, 12)
  expectLengths(tested.map(lengthOf), 13, 20)
})

test('no source is in two sets, and held-out ones differ; a set does not depend on the size of another', async () => {
  const sets = await setsOf(reverse, { symbols: 3 })
  const sources = Object.values(sets).map((set) => new Set(set.map(({ source }) => textOf(source))))
  const [train = new Set(), dev = new Set(), tested = new Set()] = sources
  expect([...dev, ...tested].filter((source) => train.has(source))).toEqual([])
  expect([...dev].filter((source) => tested.has(source))).toEqual([])
  expect([dev.size, tested.size]).toEqual([50, 50])
  const larger = await setsOf(reverse, { symbols: 3, examples: 900 })
  expect(larger.test).toEqual(sets.test)
  expect(larger.train.slice(0, 300)).toEqual(sets.train)
  expect((await setsOf(reverse, { symbols: 3, seed: 14 })).test).not.toEqual(sets.test)
})

describe('addition', () => {
  test.each(['none', 'source', 'target', 'both'] as const)('reversed: %s', async (reversed) => {
    const examples = await all(addition, { reverse: reversed })
    const turn = (text: string, isTurned: boolean) => (isTurned ? [...text].reverse().join('') : text)
    for (const { source, target } of examples) {
      const [a = '', b = ''] = turn(textOf(source), ['source', 'both'].includes(reversed)).split('+')
      expect(`${BigInt(a) + BigInt(b)}`).toBe(turn(textOf(target), ['target', 'both'].includes(reversed)))
    }
    const longer = examples.map(({ source }) =>
      Math.max(
        ...textOf(source)
          .split('+')
          .map((number) => number.length),
      ),
    )
    expectLengths(longer, 1, 12)
  })
})

test('dates: the ISO form is what Date reads in the written one', async () => {
  const examples = await all(dates, { firstYear: 1999, lastYear: 2001 })
  const forms = new Set<string>()
  const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
  const endings: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' }
  const seen = new Set<number>()
  for (const { source, target } of examples) {
    const text = textOf(source)
    const [, number, ending] = /(\d+)(st|nd|rd|th)/.exec(text) ?? []
    if (number !== undefined) {
      expect(ending).toBe(endings[ordinals.select(Number(number))])
      seen.add(Number(number))
    }
    forms.add(text.replace(/\d+/g, '0').replace(/[A-Z][a-z]+/g, 'A'))
    const [, day, month, year] = /^(\d+)\.(\d+)\.(\d+)$/.exec(text) ?? []
    const plain =
      day === undefined
        ? text
            .replace(/(\d)(st|nd|rd|th)( of)?/, '$1')
            .replace(/^[A-Z][a-z]+day,? |^(Sun|Mon|Tue|Wed|Thu|Fri|Sat) /, '')
        : `${year}/${month}/${day}`
    expect(new Date(`${plain} UTC`).toISOString().slice(0, 10)).toBe(target)
  }
  expect(forms.size).toBeGreaterThanOrEqual(8)
  for (const day of [1, 2, 3, 11, 12, 13, 21, 22, 23, 31]) expect(seen).toContain(day)
  const years = new Set(examples.map(({ target }) => textOf(target).slice(0, 4)))
  expect([...years].sort()).toEqual(['1999', '2000', '2001'])
})

describe('dyck', () => {
  const closerOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }
  /** Brackets still to be closed, the last one first; undefined where one does not match. */
  const openAfter = (source: string): string | undefined => {
    const open: string[] = []
    for (const bracket of source) {
      const closer = closerOf[bracket]
      if (closer !== undefined) open.push(closer)
      else if (open.pop() !== bracket) return undefined
    }
    return open.reverse().join('')
  }

  test('closing: what the source leaves open', async () => {
    for (const [kinds, maxDepth] of [
      [1, 1000],
      [4, 3],
      // Of an even number of brackets none would be left open: the last one is the target.
      [4, 1],
    ]) {
      for (const { source, target } of await all(dyck, {
        kinds,
        maxDepth,
        target: 'closing',
        minLength: 1,
        maxLength: 16,
        dev: { examples: 5 },
        test: { examples: 5 },
        examples: 60,
      })) {
        expect(openAfter(textOf(source))).toBe(textOf(target))
        expect(target.length).toBeGreaterThan(0)
        expect(target.length).toBeLessThanOrEqual(maxDepth ?? 0)
      }
    }
  })

  test('match: well nested or not, about half of each', async () => {
    const examples = await all(dyck, { kinds: 2, maxDepth: 8, target: 'match' })
    for (const { source, target } of examples) expect(openAfter(textOf(source)) === '' ? 'yes' : 'no').toBe(target)
    const share = examples.filter(({ target }) => target === 'yes').length / examples.length
    expect(share).toBeGreaterThan(0.35)
    expect(share).toBeLessThan(0.65)
  })
})

test('associative recall: the value that followed the key', async () => {
  const examples = await all(associativeRecall, { keys: 26, values: 10 })
  for (const { source, target } of examples) {
    const tokens = [...source]
    expect(tokens.at(-2)).toBe('?')
    const pairs = tokens.slice(0, -2)
    expect(pairs.filter((token) => token === tokens.at(-1))).toHaveLength(1)
    expect(pairs[pairs.indexOf(tokens.at(-1) ?? '') + 1]).toBe(target)
  }
})

test('selective copying: the symbols without blanks, as many as were asked for', async () => {
  const options = { symbols: 16, keep: 5, minLength: 3, maxLength: 20 }
  for (const { source, target } of await all(selectiveCopying, options)) {
    expect([...source].filter((symbol) => symbol !== '.')).toEqual(target)
    expect(target).toHaveLength(Math.min(5, source.length))
  }
})

describe('regular tasks', () => {
  test('parity and even pairs', async () => {
    for (const { source, target } of await all(parity)) {
      expect(textOf(source).replaceAll('a', '').length % 2 === 0 ? 'even' : 'odd').toBe(target)
    }
    // Borders between a and b are even in number exactly where the first symbol is the last one.
    for (const { source, target } of await all(evenPairs)) {
      expect(source[0] === source.at(-1) ? 'even' : 'odd').toBe(target)
    }
  })

  test('modular arithmetic: 4 + 2 * 3 is 0 by 5', async () => {
    for (const { source, target } of await all(modularArithmetic, { modulus: 5 })) {
      const sum = textOf(source)
        .split(/(?=[+-])/)
        .map((term) => {
          const product = term
            .replace(/^[+-]/, '')
            .split('*')
            .reduce((value, number) => value * BigInt(number), 1n)
          return term.startsWith('-') ? -product : product
        })
        .reduce((total, value) => total + value, 0n)
      expect(`${((sum % 5n) + 5n) % 5n}`).toBe(target)
    }
  })

  test('cycle navigation: one place at a time', async () => {
    for (const { source, target } of await all(cycleNavigation, { places: 5 })) {
      const circle = [0, 1, 2, 3, 4]
      for (const move of source) {
        if (move === 'forward') circle.push(circle.shift() ?? 0)
        if (move === 'back') circle.unshift(circle.pop() ?? 0)
      }
      expect(`${circle[0]}`).toBe(target)
    }
  })
})

test('too few different examples: said, with how many there are', async () => {
  const error = await all(copy, { symbols: 2, maxLength: 3 }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(SeqlabError)
  expect(String(error)).toContain('too few different dev examples of these lengths')
})

test('examples are numbered from 1; a set that has too few says that a tenth is held out, training does not', () => {
  const random = randomStream(1, 'generate')
  const ten: Generator = (numbers) => ({ source: `${numbers.below(40)}`, target: 'x' })
  const size = { examples: 3, minLength: 1, maxLength: 1 }
  expect(drawSet(ten, 'train', size, random).map(({ where }) => where)).toEqual([
    ...['generated train example 1', 'generated train example 2', 'generated train example 3'],
  ])
  // Of 0 to 39 two are of test, 33 and 37.
  expect(() => drawSet(ten, 'test', { ...size, examples: 40 }, random)).toThrow(
    /expected 40 with a length from 1 to 1, received 2 \(a tenth of all sources is held out for each of dev and test\)$/,
  )
  const held: Generator = () => ({ source: '33', target: 'x' })
  expect(() => drawSet(held, 'train', size, random)).toThrow(/too few different train examples.*, received 0$/)
})

test('of two numbers that are added one has the length, and the other from one digit to as many', async () => {
  const { train } = await setsOf(addition, { reverse: 'none', examples: 200, minLength: 3, maxLength: 3 })
  const lengths = train.map(({ source }) =>
    textOf(source)
      .split('+')
      .map((number) => number.length)
      .toSorted(),
  )
  expect(new Set(lengths.map(([shorter, longer]) => `${shorter} ${longer}`))).toEqual(new Set(['1 3', '2 3', '3 3']))
})

test('options that do not fit', async () => {
  const sequence = { source: 'tokens', target: 'tokens' } as const
  const messages = (
    part: Source,
    options: object,
    sides: Parameters<NonNullable<ExampleSource['problems']>>[0] = sequence,
  ) => (part.build({ ...small, ...options }).problems?.(sides) ?? []).map(({ path, message }) => `${path}: ${message}`)
  expect(messages(copy, { symbols: 2, minLength: 13 })).toEqual([
    'minLength: the smallest length of training examples is above the largest',
    'dev: the smallest length of dev examples is above the largest',
    'test: the smallest length of test examples is above the largest',
  ])
  expect(messages(copy, { symbols: 2, test: { examples: 5, maxLength: 12, minLength: 20 } })).toEqual([
    'test: the smallest length of test examples is above the largest',
  ])
  expect(messages(copy, { symbols: 2, minLength: 12 })).toEqual([])
  expect(messages(associativeRecall, { keys: 10, values: 2 })).toEqual(['keys: a source has no key twice'])
  // The longest of any set counts.
  const beyond = { keys: 10, values: 2, maxLength: 5, test: { examples: 5, maxLength: 11 } }
  expect(messages(associativeRecall, beyond)).toEqual(['keys: a source has no key twice'])
  expect(messages(associativeRecall, { ...beyond, keys: 11 })).toEqual([])
  expect(messages(dyck, { target: 'match' })).toEqual(['target: this task has a sequence of symbols as target'])
  expect(messages(dates, { firstYear: 2001, lastYear: 2000 })).toEqual(['firstYear: the first year is after the last'])
  expect(messages(dates, { firstYear: 2000, lastYear: 2000 })).toEqual([])
})

test('as data of a spec', async () => {
  const source = { type: 'reverse', symbols: 5, ...small } as const
  const data = await loadDataset({ source }, { source: 'tokens', target: 'tokens' }, { baseDir: '' })
  expect([data.train.size, data.dev.size, data.test.size]).toEqual([300, 50, 50])
  expect(data.sourceVocabulary?.symbols.toSorted()).toEqual([
    '0',
    '1',
    '2',
    '3',
    '4',
    '<bos>',
    '<eos>',
    '<pad>',
    '<unk>',
  ])
})

// A seed stands for its examples: a study of another day, or on another machine, trains on the same.
test.each<[string, Source, object]>([
  ['addition', addition, { reverse: 'target' }],
  ['associative-recall', associativeRecall, { keys: 26, values: 10 }],
  ['copy', copy, { symbols: 10 }],
  ['cycle-navigation', cycleNavigation, { places: 5 }],
  ['dates', dates, { firstYear: 1950, lastYear: 2049 }],
  ['dyck, closing', dyck, { kinds: 2, maxDepth: 3, target: 'closing' }],
  ['dyck, match', dyck, { kinds: 2, maxDepth: 3, target: 'match' }],
  ['even-pairs', evenPairs, {}],
  ['modular-arithmetic', modularArithmetic, { modulus: 5 }],
  ['parity', parity, {}],
  ['reverse', reverse, { symbols: 10 }],
  ['selective-copying', selectiveCopying, { symbols: 16 }],
  ['sort', sort, { symbols: 10 }],
])('a seed draws the same examples for ever: %s', async (name, part, options) => {
  const sets = await setsOf(part, { ...options, examples: 60, dev: { examples: 5 }, test: { examples: 5 } })
  const texts = Object.values(sets)
    .flat()
    .map(({ source, target }) => `${textOf(source)} ${textOf(target)}`)
  expect(`${name} ${sha256Bytes(texts.join('\n')).toString('hex').slice(0, 16)}`).toMatchSnapshot()
})
