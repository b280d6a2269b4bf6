import { describe, expect, test } from 'vitest'
import { linesOf } from '../../src/data/reading/files.js'

// A text in UTF-16 or UTF-32 is refused by the name that iconv has for its encoding; a NUL here and there is a character.

function utf16(text: string, bigEndian: boolean): Buffer {
  const bytes = Buffer.from(text, 'utf16le')
  return bigEndian ? bytes.swap16() : bytes
}

function utf32(text: string, bigEndian: boolean): Buffer {
  const bytes = Buffer.alloc([...text].length * 4)
  for (const [at, character] of [...text].entries()) {
    const code = character.codePointAt(0) ?? 0
    if (bigEndian) bytes.writeUInt32BE(code, at * 4)
    else bytes.writeUInt32LE(code, at * 4)
  }
  return bytes
}

const texts: Readonly<Record<string, string>> = {
  'a table': 'text\tlabel\nit rains\tpos\nthe sun\tneg\n',
  'Windows line ends': 'a\tb\r\nc\td\r\n',
  'no last line end': '{"text": "a"}\n{"text": "b"}',
  'one line without an end': 'a b c',
  Russian: 'дождь идёт\tда\nсолнце\tнет\n',
  Gurmukhi: 'ਮੀਂਹ\tਹਾਂ\nਸੂਰਜ\tਨਹੀਂ\n',
  Chinese: '一\u3000下雨\t是\n太阳\t不\n',
  emoji: '😀 a\n😀 b\n',
  'many lines': 'it rained\tpos\n'.repeat(2000),
}

describe.each(Object.entries(texts))('%s', (_, text) => {
  test.each([
    ['UTF-16LE', utf16(text, false)],
    ['UTF-16BE', utf16(text, true)],
    ['UTF-16', utf16(`\ufeff${text}`, false)],
    ['UTF-16', utf16(`\ufeff${text}`, true)],
    ['UTF-32LE', utf32(text, false)],
    ['UTF-32BE', utf32(text, true)],
    ['UTF-32', utf32(`\ufeff${text}`, false)],
    ['UTF-32', utf32(`\ufeff${text}`, true)],
  ])('in %s', (encoding, bytes) => {
    expect(() => linesOf(bytes, 'f')).toThrow(
      expect.objectContaining({
        message: `f: this is no text: it is text in ${encoding}`,
        hint: `convert it: iconv -f ${encoding} -t UTF-8 FILE > NEW`,
      }),
    )
  })

  test('in UTF-8', () => {
    expect(linesOf(Buffer.from(text), 'f').length).toBeGreaterThan(0)
  })
})

test.each([
  ['one NUL', 'a\0b\n', ['a\0b']],
  ['a NUL after a line end', 'a O\n\0 O\n', ['a O', '\0 O']],
  ['a NUL before each line end', 'ab\0\ncde\0\n', ['ab\0', 'cde\0']],
  ['a NUL at the beginning', '\0\tb\n', ['\0\tb']],
  ['NULs as separators', 'one\0two\0three\n', ['one\0two\0three']],
])('%s is text', (_, text, lines) => {
  expect(linesOf(Buffer.from(text), 'f')).toEqual(lines)
})
