import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvRows, isBlank } from '../../src/data/csv.js'
import { csvLines } from '../../src/inference/lines/csv-lines.js'
import type { InputLine } from '../../src/inference/lines/read-lines.js'

/** The records of lines: their first line and text, or what is wrong and whether it ends the reading. */
async function recordsOf(lines: readonly InputLine[], separator = ',') {
  async function* given() {
    yield* lines
  }
  const found: (readonly [number, string] | readonly [number, string, boolean])[] = []
  for await (const line of csvLines(given(), separator, 'a.csv')) {
    if ('problem' in line) found.push([line.number, line.problem.message, line.stops ?? false])
    else found.push([line.number, line.text])
  }
  return found
}
const linesOf = (text: string): InputLine[] => text.split('\n').map((line, at) => ({ number: at + 1, text: line }))

test('lines are one record while a quote is open, numbered as in the file', async () => {
  expect(await recordsOf(linesOf('x,y\n"a\n\nb",pos\nc "d,neg\n "e ""f""\ng" ,h'))).toEqual([
    [1, 'x,y'],
    [2, '"a\n\nb",pos'],
    [5, 'c "d,neg'],
    [6, ' "e ""f""\ng" ,h'],
  ])
  expect(await recordsOf(linesOf('a;"b\nc"'), ';')).toEqual([[1, 'a;"b\nc"']])
  expect(await recordsOf(linesOf('a;"b\nc"'))).toEqual([
    [1, 'a;"b'],
    [2, 'c"'],
  ])
})

test('a quote that is not closed is one error at its line, and ends the reading', async () => {
  const message = 'a.csv:2: a double quote is not closed'
  expect(await recordsOf(linesOf('a,b\n"c,d\ne,f\ng,h'))).toEqual([
    [1, 'a,b'],
    [2, expect.stringContaining(message), true],
  ])
  const long = linesOf(`"${Array.from({ length: 5 }, () => `${'a'.repeat(2 ** 20)}""`).join('\n')}`)
  const [[number, reason, stops] = [], ...more] = await recordsOf(long)
  expect([number, reason, stops, more.length]).toEqual([1, expect.stringContaining('the record is too long'), true, 0])
})

test('a line that cannot be read ends the reading within quotes alone', async () => {
  const bad = (number: number) => ({ number, problem: new Error('not UTF-8') })
  expect(await recordsOf([bad(1), { number: 2, text: 'a' }])).toEqual([
    [1, 'not UTF-8', false],
    [2, 'a'],
  ])
  expect(await recordsOf([{ number: 1, text: '"a' }, bad(2), { number: 3, text: 'b"' }])).toEqual([
    [2, 'not UTF-8', true],
  ])
})

test('records are those of the whole file, whatever is in it', async () => {
  const texts = fc.array(fc.constantFrom('"', '"', ',', '\n', ' ', 'a', '\t', '\u00a0'), { maxLength: 14 })
  await fc.assert(
    fc.asyncProperty(texts, fc.constantFrom(',', '\t', ';'), async (parts, separator) => {
      const text = parts.join('')
      // What a cell is after an empty one in quotes and another quote, is nobody's business.
      fc.pre(!/""\s+"/.test(text))
      const rows = (given: string, line: number) => csvRows(given, 'a.csv', separator, line)
      const whole = errorOr(() => rows(`${text}\n`, 1).filter((row) => !isBlank(row)))
      const records = await recordsOf(linesOf(text), separator)
      const joined = errorOr(() =>
        records.flatMap(([line, each, stops]) => {
          if (stops !== undefined) throw new Error(each)
          return rows(each, line).filter((row) => !isBlank(row))
        }),
      )
      expect(joined).toEqual(whole)
    }),
    { numRuns: 3000, seed: 9 },
  )
})

test('a CR within a line ends no record', () => {
  const cells = (text: string) => csvRows(text, 'a.csv', ',', 1).map((row) => row.cells)
  expect(cells('5\r,1')).toEqual([['5', '1']])
  expect(cells('a,b\rc\nd,e\n')).toEqual([
    ['a', 'b\rc'],
    ['d', 'e'],
  ])
})

/** What is wrong, without hints. */
function errorOr<T>(given: () => T): T | string {
  try {
    return given()
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
  }
}
