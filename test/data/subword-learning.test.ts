// What learners and searches of pieces do, by texts that one can go through by hand.
import { describe, expect, test } from 'vitest'
import { stateProblem } from '../../src/data/tokenizers/subwords/check-state.js'
import { learnBpe } from '../../src/data/tokenizers/subwords/learn-bpe.js'
import { learnUnigram } from '../../src/data/tokenizers/subwords/learn-unigram.js'
import { alphabetOf, wordCounts } from '../../src/data/tokenizers/subwords/learning.js'
import { latticeOf, seedsOf, shortWords } from '../../src/data/tokenizers/subwords/seeds.js'
import { mostProbable } from '../../src/data/tokenizers/subwords/viterbi.js'

describe('BPE', () => {
  const merged = (texts: readonly string[]) => {
    const { pieces, merges = [] } = learnBpe({ byteFallback: false }, texts, '')
    return merges.map(([left, right]) => `${pieces[left]}+${pieces[right]}`)
  }

  test('of overlapping pairs each symbol is merged once, and what is left of the pair is no pair any more', () => {
    // ▁aaa has the pairs ▁a, aa and aa; aa is merged from the left: ▁ aa a. Of ▁+aa and aa+a that whose first piece has
    // the lower id goes first: a has 0, ▁ 1, aa 2.
    expect(merged(['aaa'])).toEqual(['a+a', '▁+aa', '▁aa+a'])
  })
})

describe('a mark that the texts themselves have', () => {
  const texts = Array<string>(3).fill('a▁b')

  test('is in no alphabet', () => {
    expect([...alphabetOf(wordCounts(texts))]).toEqual([
      ['a', 3],
      ['b', 3],
      ['▁', 3],
    ])
  })

  test.each([
    ['bpe', learnBpe],
    ['unigram', learnUnigram],
  ])('is in no piece of %s', (_, learn) => {
    const state = learn({ byteFallback: true }, texts, '')
    expect(stateProblem(state)).toBeUndefined()
    const learned = state.pieces.slice(256)
    expect(learned.filter((piece) => /[^ab▁]/.test(piece))).toEqual([])
    expect(learned).toEqual(expect.arrayContaining(['a', 'b', '▁']))
    expect(learned).not.toContain('ab')
  })
})

describe('seeds of a unigram model', () => {
  test('words of more than 32 symbols are cut into parts of 32', () => {
    const letters = Array.from({ length: 70 }, (_, at) => String.fromCodePoint(0x4e00 + at))
    const from = (start: number, end: number) => letters.slice(start, end).join('')
    expect(shortWords([[from(0, 70), 5]])).toEqual([
      [from(0, 32), 5],
      [from(32, 64), 5],
      [from(64, 70), 5],
    ])
    for (const whole of [32, 1]) expect(shortWords([[from(0, whole), 2]])).toEqual([[from(0, whole), 2]])
    expect(shortWords([[from(0, 33), 2]])).toEqual([
      [from(0, 32), 2],
      [from(32, 33), 2],
    ])
  })

  test('the alphabet, then parts that are there twice, by frequency times length, equal ones by code points', () => {
    // ab 4 times 2 is 8, abc 2 times 3 is 6, bc 2 times 2 is 4; xy is there once.
    const words = [
      ['abc', 2],
      ['ab', 2],
      ['xy', 1],
    ] as const
    const alphabet = new Map([['z', 9]])
    expect([...seedsOf(words, alphabet, 10)]).toEqual([
      ['z', 9],
      ['ab', 4],
      ['abc', 2],
      ['bc', 2],
    ])
    expect([
      ...seedsOf(
        [
          ['cd', 2],
          ['ab', 2],
        ],
        new Map(),
        10,
      ).keys(),
    ]).toEqual(['ab', 'cd'])
    // Ten to begin with for each piece that is asked for.
    const many = Array.from({ length: 30 }, (_, at) => [`${String.fromCharCode(97 + (at % 26))}${at}`, 2] as const)
    expect(seedsOf(many, new Map(), 1).size).toBe(10)
  })

  test('a part has 16 symbols at most', () => {
    const word = 'abcdefghijklmnopqrst'
    const parts = [...seedsOf([[word, 2]], new Map(), 100).keys()]
    expect(Math.max(...parts.map((part) => part.length))).toBe(16)
    expect(parts).toContain(word.slice(4))
    expect(parts).not.toContain(word.slice(3))
  })

  test('all ways of cutting a word', () => {
    const pieces = ['a', 'b', 'ab', 'ba']
    const indexOf = new Map(pieces.map((piece, index) => [piece, index]))
    expect(latticeOf('aba', 7, indexOf)).toEqual({
      count: 7,
      length: 3,
      edges: [
        { from: 0, to: 1, piece: 0 },
        { from: 0, to: 2, piece: 2 },
        { from: 1, to: 2, piece: 1 },
        { from: 1, to: 3, piece: 3 },
        { from: 2, to: 3, piece: 0 },
      ],
    })
  })
})

// An unknown symbol costs what the least probable piece does, and 10 more.
test.each([
  // p + ax: 2 * -10.5 = -21; pa + unknown: -0.1 - 20.5 = -20.6.
  [-10.5, ['pa', 'x']],
  // p + ax: -19; pa + unknown: -0.1 - 19.5 = -19.6.
  [-9.5, ['p', 'ax']],
])('an unknown symbol against pieces of %d nats', (score, cut) => {
  const common = { algorithm: 'unigram', byteFallback: false, fuseUnknown: true } as const
  const text = { spaces: 'kept', prefix: 'never', words: 'none' } as const
  const search = mostProbable({ ...common, text, pieces: ['p', 'ax', 'pa'], scores: [score, score, -0.1] })
  expect(search([...'pax'])).toEqual(cut)
})
