import { expect, test } from 'vitest'
import { readLines } from '../../src/inference/lines/read-lines.js'

/** What comes of some bytes, in two chunks: texts, and messages of problems. */
async function read(bytes: Buffer) {
  async function* chunks() {
    const middle = Math.ceil(bytes.length / 2)
    yield bytes.subarray(0, middle)
    yield bytes.subarray(middle)
  }
  const found: string[] = []
  for await (const line of readLines(chunks(), 'stdin'))
    found.push('problem' in line ? line.problem.message : `${line.number} ${line.text}`)
  return found
}

test('lines without their ends, and without a byte order mark', async () => {
  expect(await read(Buffer.from('\ufeffa b\r\nä\n\nlast'))).toEqual(['1 a b', '2 ä', '3 ', '4 last'])
  // A NUL is a character of UTF-8.
  expect(await read(Buffer.from('a\0b\nc d e f\n'))).toEqual(['1 a\0b', '2 c d e f'])
})

test.each([
  ['UTF-16LE', Buffer.from('read this\nand that\n', 'utf16le')],
  ['UTF-16BE', Buffer.from('read this\nand that\n', 'utf16le').swap16()],
  ['UTF-16', Buffer.from('\ufeffread this\n', 'utf16le')],
])('a stream in %s is one problem, which says so', async (encoding, bytes) => {
  expect(await read(bytes)).toEqual([`stdin:1: this is no text: it is text in ${encoding}`])
})
