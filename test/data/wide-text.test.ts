import { expect, test } from 'vitest'
import { wideEncoding } from '../../src/data/reading/wide-text.js'

const utf16 = (text: string) => wideEncoding(Buffer.from(text, 'utf16le'))

test('zeros alone are no text', () => {
  expect(wideEncoding(Buffer.alloc(8))).toBeUndefined()
  expect(wideEncoding(Buffer.alloc(4096))).toBeUndefined()
})

test('one line end tells UTF-16, however few of its characters are ASCII', () => {
  expect(utf16('一二三四五六七八九十\t是\n')).toBe('UTF-16LE')
})

test('of the bytes that may be line ends more than half are', () => {
  // U+010A has the lower byte of a line end.
  expect(utf16('\u010aa\n\n')).toBe('UTF-16LE')
  expect(utf16('\u010aa\n')).toBeUndefined()
})

test('without a line end more than one character of four is ASCII, and more than one in all', () => {
  expect(utf16('ab一二三四五')).toBe('UTF-16LE')
  expect(utf16('ab一二三四五六')).toBeUndefined()
  expect(utf16('a一二')).toBeUndefined()
  expect(utf16('一二\n')).toBeUndefined()
})
