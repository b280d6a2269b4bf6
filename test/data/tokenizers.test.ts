import { expect, test } from 'vitest'
import { characters } from '../../src/data/tokenizers/characters.js'
import { whitespace } from '../../src/data/tokenizers/whitespace.js'
import { words } from '../../src/data/tokenizers/words.js'

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

const plain = { lowercase: false, minFrequency: 1 }

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
    'état-major',
    '"',
    '.',
    ')',
  ])
  expect(words.build(plain)("'tis 'quoted'")).toEqual(["'", 'tis', "'", 'quoted', "'"])
})
