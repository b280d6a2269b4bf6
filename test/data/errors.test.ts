import { expect, test } from 'vitest'
import { csvRecords } from '../../src/data/csv.js'
import { dataError, datasetError } from '../../src/data/data-error.js'

test('an error of data says place, message, expected, received, and keeps each apart', () => {
  const place = { file: 'a.tsv', line: 3 }
  const cause = new Error('why')
  const error = dataError(place, 'bad line', { expected: 'two', received: 'one', hint: 'add one', cause })
  expect(error.message).toBe('a.tsv:3: bad line; expected two, received one')
  expect([error.code, error.hint, error.cause]).toEqual(['data', 'add one', cause])
  expect(error.problems).toEqual([
    { path: 'data', message: 'bad line', expected: 'two', received: 'one', place, hint: 'add one' },
  ])
})

test('what is wrong with all of the data names no file', () => {
  const error = datasetError('data.split', 'nothing is left', { received: 'none' })
  expect(error.message).toBe('data.split: nothing is left, received none')
  expect(error.problems).toStrictEqual([{ path: 'data', message: 'nothing is left', received: 'none' }])
})

test('an error of data without any of them has none of them', () => {
  const error = dataError('a.tsv', 'bad file')
  expect(error.message).toBe('a.tsv: bad file')
  expect(error.problems).toStrictEqual([{ path: 'data', message: 'a.tsv: bad file' }])
  expect(error.hint).toBeUndefined()
  expect(error.cause).toBeUndefined()
  expect(dataError('a.tsv', 'bad file', { received: 'one' }).message).toBe('a.tsv: bad file, received one')
})

test('cells of CSV are trimmed, also within quotes; blank lines are no records, empty cells are', () => {
  expect(csvRecords('" a ", b\n\n,\nc,"d\ne"\nf,g\n', 'x.csv', ',')).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 3, cells: ['', ''] },
    { line: 4, cells: ['c', 'd\ne'] },
    { line: 6, cells: ['f', 'g'] },
  ])
  const hint = 'inside a quoted cell, a double quote is written twice: ""'
  const problem = { path: 'data', hint }
  const wrong = (text: string) => {
    try {
      return csvRecords(text, 'x.csv', ',')
    } catch (error) {
      return error
    }
  }
  expect(wrong('a,b\n"c,d\n')).toMatchObject({
    problems: [{ ...problem, message: 'a double quote is not closed', place: { file: 'x.csv', line: 2 } }],
  })
  expect(wrong('a,b\n"c\n",d\n"e"f,g\n')).toMatchObject({
    problems: [{ ...problem, message: 'the double quotes do not match', place: { file: 'x.csv', line: 4 } }],
  })
})
