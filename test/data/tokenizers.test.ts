import { expect, test } from 'vitest'
import { textTokens } from '../../src/data/encoding/tokenise.js'
import { characters } from '../../src/data/tokenizers/characters.js'
import { tokenizers } from '../../src/data/tokenizers/index.js'
import { isLearned } from '../../src/data/tokenizers/types.js'
import { whitespace } from '../../src/data/tokenizers/whitespace.js'
import { words } from '../../src/data/tokenizers/words.js'
import { everyChoice } from '../support/choices.js'

test('characters: code points or graphemes, normalised or not', () => {
  const family = '\u{1F469}\u200D\u{1F467}'
  const acute = 'e\u0301'
  const split = (text: string, more: object) =>
    characters.build({ unit: 'codepoint', normalise: 'none', lowercase: false, minFrequency: 1, ...more })(text)
  expect(split(family, {})).toEqual(['\u{1F469}', '\u200D', '\u{1F467}'])
  expect(split(family, { unit: 'grapheme' })).toEqual([family])
  expect(split(acute, {})).toHaveLength(2)
  expect(split(acute, { normalise: 'NFC' })).toEqual(['\u00e9'])
  expect(split('\u00e9', { normalise: 'NFD' })).toEqual(['e', '\u0301'])
  expect(split('机器', {})).toEqual(['机', '器'])
})

const plain = { lowercase: false, normalise: 'none', minFrequency: 1 } as const

test('whitespace of any kind and length', () => {
  expect(whitespace.build(plain)('  a\u00a0b\t c,d ')).toEqual(['a', 'b', 'c,d'])
  expect(whitespace.build(plain)(' ')).toEqual([])
})

test('words, with punctuation split off', () => {
  expect(words.build(plain)('Well, don\'t! (It costs 3.50 — "état-major".)')).toEqual([
    'Well',
    ',',
    "don't",
    '!',
    '(',
    'It',
    'costs',
    '3.50',
    '—',
    '"',
    'état',
    '-',
    'major',
    '"',
    '.',
    ')',
  ])
  expect(words.build(plain)('pi=3.14, 1,000 e.g. \u{1F469}\u200D\u{1F467}x')).toEqual([
    ...['pi', '=', '3.14', ',', '1,000', 'e.g', '.', '\u{1F469}\u200D\u{1F467}', 'x'],
  ])
  expect(words.build(plain)("'tis 'quoted'")).toEqual(["'", 'tis', "'", 'quoted', "'"])
})

test('every tokenizer normalises where it is told to', () => {
  for (const name of ['characters', 'whitespace', 'words'] as const) {
    const build = (normalise: 'none' | 'NFC' | 'NFD') =>
      tokenizers.build({ type: name, unit: 'codepoint', ...plain, normalise })
    expect(build('NFC')('e\u0301')).toEqual(['\u00e9'])
    expect(build('NFD')('\u00e9').join('')).toBe('e\u0301')
    expect(build('none')('e\u0301').join('')).toBe('e\u0301')
  }
})

test.each(everyChoice(tokenizers).filter(({ type }) => !isLearned(tokenizers.get(type))))(
  'every tokenizer: no empty tokens, and joined tokens are the same tokens: %o',
  (choice) => {
    const tokenize = tokenizers.build(choice)
    const { joiner } = tokenizers.get(choice.type)
    for (const text of ['', ' ', 'a b', "Well, don't! 机器 e\u0301", '3.50 — x']) {
      const tokens = tokenize(text)
      expect(tokens).not.toContain('')
      expect(tokenize(tokens.join(joiner))).toEqual(tokens)
    }
  },
)

test('tokens that a source keeps apart stay apart, cased and normalised as their options ask', () => {
  const of = (more: object) =>
    textTokens({ type: 'whitespace', lowercase: false, normalise: 'none', minFrequency: 1, ...more })
  const raw = ['New York', 'cafe\u0301']
  expect(of({})(raw)).toEqual(raw)
  expect(of({ normalise: 'NFC' })(raw)).toEqual(['New York', 'caf\u00e9'])
  expect(of({ lowercase: true })(raw)).toEqual(['new york', 'cafe\u0301'])
  expect(of({ normalise: 'NFC' })('New York')).toEqual(['New', 'York'])
})
