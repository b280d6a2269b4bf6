import { expect, test } from 'vitest'
import { headerDoubt } from '../../src/data/reading/header-doubt.js'

const doubt = (rows: readonly string[], columns: readonly number[] = [0, 1]) =>
  headerDoubt(
    rows.map((row) => ({ cells: row.split(',') })),
    columns,
  )
const said = (header: string) =>
  `its first line is taken as the header (${header}), and is like the data below it: set header: false if it is an example, header: true if not`

test('a first line with a text that its column has below is doubted', () => {
  expect(doubt(['a,x', 'b,x', 'c,y'])).toBe(said('"a", "x"'))
  expect(doubt(['a,x', 'b,y', 'a,z'])).toBe(said('"a", "x"'))
  expect(doubt(['text,label', 'b,x', 'c,y'])).toBeUndefined()
  // In another column it is another thing.
  expect(doubt(['x,label', 'b,x', 'c,x'])).toBeUndefined()
})

test('a first line with a number is doubted where its column is all numbers', () => {
  expect(doubt(['a,1', 'b,2', 'c,3.5'])).toBe(said('"a", "1"'))
  expect(doubt(['a,1', 'b,2', 'c,three'])).toBeUndefined()
  expect(doubt(['a,1', 'b,two', 'c,3'])).toBeUndefined()
  expect(doubt(['text,label', 'b,2', 'c,3'])).toBeUndefined()
  expect(doubt(['a,1', 'b,2', 'c'])).toBeUndefined()
})

test('columns that are not read, empty cells and a line alone are no reason to doubt', () => {
  expect(doubt(['text,1', 'b,1', 'c,1'], [0])).toBeUndefined()
  expect(doubt([',label', ',x', ',y'])).toBeUndefined()
  expect(doubt(['a', 'b,', 'c,'])).toBeUndefined()
  expect(doubt(['a,1'])).toBeUndefined()
  expect(doubt([])).toBeUndefined()
  expect(doubt(['a,1', 'b,1'], [])).toBeUndefined()
})

test('of a long cell the first forty characters are said, and of a cell that is not there none', () => {
  expect(doubt([`${'ab'.repeat(21)},x`, 'b,x'])).toBe(said(`"${'ab'.repeat(20)}", "x"`))
  expect(doubt(['x', 'x'])).toBe(said('"x", ""'))
})
