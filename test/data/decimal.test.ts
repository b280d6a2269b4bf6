import { expect, test } from 'vitest'
import { decimal, notDecimal } from '../../src/data/reading/decimal.js'

test('decimals have a point, and may have a sign and an exponent', () => {
  const read = ['1', '-2.5e3', '+.5', '5.', '1E-2', '007', '1e308'].map((text) => decimal(text))
  expect(read).toEqual([1, -2500, 0.5, 5, 0.01, 7, 1e308])
})

test('nothing else is a number', () => {
  for (const text of ['', '.', '1,5', '1 000', '0x1A', '1e', 'e5', '--1', '1_000', ' 1', '١', 'Infinity', '1e309']) {
    expect(decimal(text), text).toBeUndefined()
  }
})

const gaps =
  'a series has a number at every step: set missingValues: carry for the last number before a gap, or fill gaps before'
const columns =
  'choose the columns of numbers with `columns`, and the separator of columns with `separator`; other marks of missing values with `missing`'
const thousands = 'say which with `thousands` or `decimal: ","` (of data.source), or write 1234.5'

test.each([
  ['NA', ': a mark for a missing value', gaps],
  ['Nan', ': a mark for a missing value', gaps],
  ['-', ': a mark for a missing value', gaps],
  ['', ': the cell is empty', gaps],
  ['0X1a', ': it is hexadecimal, octal or binary', 'write it in decimals'],
  ['-0b1', ': it is hexadecimal, octal or binary', 'write it in decimals'],
  ['1.234', ': a separator of thousands, or a decimal comma', thousands],
  ["1'234'567,5", ': a separator of thousands, or a decimal comma', thousands],
  ['1,234', ': a separator of thousands, or a decimal comma', thousands],
  ['12,5', ': a decimal comma', 'set decimal: "," (of data.source), or write 1234.5'],
  [',5e3', ': a decimal comma', 'set decimal: "," (of data.source), or write 1234.5'],
  ['-inf', ': it is not finite', 'leave such steps out, or put a finite number in'],
  ['two', '', columns],
  ['12.5 kW', '', columns],
])('why %j is no number, and what to do', (text, why, hint) => {
  expect(notDecimal(text)).toEqual({ why, hint })
})

test('decimal commas and separators of thousands, where a file is said to have them', () => {
  const german = { decimal: ',', thousands: '.' } as const
  const read = ['1.234,5', '-1.234.567', '0,5', '1234,5', '1,5e3'].map((text) => decimal(text, german))
  expect(read).toEqual([1234.5, -1234567, 0.5, 1234.5, 1500])
  expect(decimal('1 234', { decimal: '.', thousands: ' ' })).toBe(1234)
  for (const text of ['1.23,5', '12.34', '1,2,3', '1.2345', '.5']) expect(decimal(text, german), text).toBeUndefined()
  expect(decimal('1.5', { decimal: ',' })).toBeUndefined()
  expect(notDecimal('1.5', { decimal: ',' }).why).toBe(': it has a decimal point')
})

test.each([
  ['#N/A', {}, { missingValues: 'carry' }, 'it is none of the marks in `missing`: add "#N/A" to them'],
  ['', {}, { missingValues: 'carry' }, 'it is none of the marks in `missing`: add "" to them'],
  ['NA', {}, { missingValues: 'refuse' }, gaps],
  ['1.100,0', { decimal: ',' }, {}, 'set thousands: "." (of data.source), or write 1234,5'],
  ["1'100,0", { decimal: ',' }, {}, 'set thousands: "\'" (of data.source), or write 1234,5'],
  [
    '1,234,567',
    { decimal: ',' },
    {},
    'the file is said to have decimal commas: leave `decimal` out, and set thousands: "," (of data.source)',
  ],
  [
    '1.100,0',
    { thousands: ',' },
    {},
    'numbers are read as 1,234.5: correct the cell, or `decimal` and `thousands` (of data.source)',
  ],
  ['1,5', {}, { isTrained: true }, 'write numbers as in the data that the model was trained on: 1234.5'],
  ['1.5', { decimal: ',' }, { isTrained: true }, 'write numbers as in the data that the model was trained on: 1234,5'],
  [
    '1.100',
    { decimal: ',', thousands: ' ' },
    { isTrained: true },
    'write numbers as in the data that the model was trained on: 1 234,5',
  ],
  ['NA', {}, { isTrained: true }, 'a series has a number at every step: fill gaps before'],
  [
    'two',
    {},
    { isTrained: true },
    'columns, their separator and marks of missing values are those of the data that the model was trained on',
  ],
] as const)('the hint for %j names nothing that is set already: %j, %j', (text, notation, reading, hint) => {
  expect(notDecimal(text, { decimal: '.', ...notation }, reading).hint).toBe(hint)
})
