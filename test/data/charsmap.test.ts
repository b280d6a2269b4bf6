// Rules of normalisation as sentencepiece compiles them: a double-array trie (darts-clone), made here by hand.
import { expect, test } from 'vitest'
import { charsmapReplacer, encodeCharsmap } from '../../src/data/tokenizers/subwords/charsmap.js'

/** Each state of the trie has 256 units of its own: that of a byte is the state's first unit plus the byte. */
function charsmapOf(rules: Readonly<Record<string, string>>): Uint8Array {
  const encoder = new TextEncoder()
  const units: number[] = Array(256).fill(0)
  const texts: number[] = []
  /** Where the children of a unit begin, made where there are none yet. */
  const childrenOf = (unit: number, own: Map<number, number>): number => {
    const known = own.get(unit)
    if (known !== undefined) return known
    const first = units.length
    units.push(...Array(256).fill(0))
    own.set(unit, first)
    const label = unit === 0 ? 0 : (units[unit] ?? 0) % 256
    // The root's offset is a multiple of 256: it is written in the form of large ones, without its lowest eight bits.
    units[unit] = unit === 0 ? (((first >>> 8) << 10) | 0x200) >>> 0 : (((unit ^ first) << 10) | label) >>> 0
    return first
  }
  const children = new Map<number, number>()
  for (const [from, to] of Object.entries(rules)) {
    let unit = 0
    for (const byte of encoder.encode(from)) {
      const first = childrenOf(unit, children)
      unit = first + byte
      if (units[unit] === 0) units[unit] = byte
    }
    const leaf = childrenOf(unit, children)
    units[unit] = ((units[unit] ?? 0) | 0x100) >>> 0
    units[leaf] = (texts.length | 0x80000000) >>> 0
    texts.push(...encoder.encode(to), 0)
  }
  const bytes = new Uint8Array(4 + 4 * units.length + texts.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 4 * units.length, true)
  for (const [at, unit] of units.entries()) view.setUint32(4 + 4 * at, unit, true)
  bytes.set(texts, 4 + 4 * units.length)
  return bytes
}

function replacerOf(bytes: Uint8Array): (text: string) => string {
  const base64 = encodeCharsmap(bytes)
  if (base64 === undefined) throw new RangeError('The rules cannot be read')
  return charsmapReplacer(base64)
}

// The first one is at place 0 of the texts.
const rules = { a: '', b: 'x', bc: 'yy', ü: 'ue', '½': '1⁄2', '😀': ':)' }

test.each([
  ['each is replaced, from the left', 'ab', 'x'],
  ['by nothing, at the first place of the texts', 'a', ''],
  ['the longest one', 'bcbbc', 'yyxyy'],
  ['characters of two, three and four bytes', 'ü½😀', 'ue1⁄2:)'],
  ['what has no replacement stays, and what follows it is replaced', 'zbébü€b😃b', 'zxéxue€x😃x'],
  ['the beginning of a longer one alone is none', 'c', 'c'],
  ['a text of nothing', '', ''],
])('%s', (_, text, expected) => {
  expect(replacerOf(charsmapOf(rules))(text)).toBe(expected)
})

test('a last text without an end goes to the end of the bytes', () => {
  const bytes = charsmapOf({ a: 'xyz' })
  expect(replacerOf(bytes.subarray(0, -1))('aba')).toBe('xyzbxyz')
})

test('bytes that are no rules have no text', () => {
  const bytes = charsmapOf(rules)
  const size = new DataView(bytes.buffer).getUint32(0, true)
  const withSize = (wrong: number) => {
    const changed = Uint8Array.from(bytes)
    new DataView(changed.buffer).setUint32(0, wrong, true)
    return encodeCharsmap(changed)
  }
  expect(withSize(size)).toBeTypeOf('string')
  for (const wrong of [0, size + 1, size - 2, bytes.length])
    expect([wrong, withSize(wrong)]).toEqual([wrong, undefined])
  // Units to the last byte, and no texts behind them.
  expect(encodeCharsmap(bytes.subarray(0, 4 + size))).toBeTypeOf('string')
  expect(encodeCharsmap(bytes.subarray(0, 4 + size - 4))).toBeUndefined()
  expect(encodeCharsmap(bytes.subarray(0, 7))).toBeUndefined()
  expect(() => charsmapReplacer('AAAA')).toThrow('There are no normalisation rules')
})
