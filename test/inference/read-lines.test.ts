import { expect, test } from 'vitest'
import { linesOf } from '../../src/data/reading/files.js'
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

test.each(['good nice\rbad\r', 'a\r\rb', 'a\rb\nc\r\nd\re', 'a\r\r\nb\n', 'a\r', '\ufeffa\rb\r', 'a\r\nb\r'])(
  'the lines of %j are those of a file',
  async (text) => {
    const bytes = Buffer.from(text)
    expect(await read(bytes)).toEqual(linesOf(bytes, 'file').map((line, at) => `${at + 1} ${line}`))
  },
)

const megabyte = 1024 ** 2

/** What comes of many chunks, with the most bytes that were asked for before a line was given. */
async function readMany(count: number, chunk: (at: number) => string) {
  let asked = 0
  async function* chunks() {
    for (let at = 0; at < count; at++) {
      asked++
      yield Buffer.from(chunk(at))
    }
  }
  const lines = readLines(chunks(), 'stdin')
  const first = await lines.next()
  const before = asked
  let [good, last] = [0, first.value]
  for await (const line of lines) {
    if ('text' in line) good++
    last = line
  }
  return { before, good, last }
}

test('a long stream with CR alone is read as it comes, and an LF in it is one problem', async () => {
  const row = `${'a'.repeat(1023)}\r`
  const { before, good } = await readMany(20, () => row.repeat(1024))
  expect([before, good]).toEqual([5, 20 * 1024 - 1])
  const mixed = await readMany(20, (at) => (at === 10 ? 'b\rc\nd\r' : row.repeat(1024)))
  expect(mixed.good).toBe(10 * 1024)
  expect(mixed.last).toMatchObject({
    number: 10 * 1024 + 2,
    problem: { message: expect.stringContaining('this line ends in LF, and those before it in CR alone') },
    stops: true,
  })
})

test('a line that is too long is left out, and those after it are read', async () => {
  const { good, last } = await readMany(7, (at) => (at === 6 ? 'a\nb\nc' : 'a'.repeat(megabyte)))
  expect([good, last]).toEqual([2, { number: 3, text: 'c' }])
})
