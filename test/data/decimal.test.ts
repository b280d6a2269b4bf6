import { expect, test } from 'vitest'
import { decimal, notDecimal } from '../../src/data/reading/decimal.js'

test('decimals have a point, and may have a sign and an exponent', () => {
  const read = ['1', '-2.5e3', '+.5', '5.', '1E-2', '007', '1e308'].map(decimal)
  expect(read).toEqual([1, -2500, 0.5, 5, 0.01, 7, 1e308])
})

test('nothing else is a number', () => {
  for (const text of ['', '.', '1,5', '1 000', '0x1A', '1e', 'e5', '--1', '1_000', ' 1', '١', 'Infinity', '1e309']) {
    expect(decimal(text), text).toBeUndefined()
  }
})

const gaps = 'fill gaps before: a series has a number at every step'
const columns = 'choose the columns of numbers with `columns`, and the separator of columns with `separator`'
const thousands = 'write it without separators of thousands and with a decimal point: 1234.5'

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
  ['12,5', ': a decimal comma', 'write it with a decimal point: 1234.5'],
  [',5e3', ': a decimal comma', 'write it with a decimal point: 1234.5'],
  ['-inf', ': it is not finite', 'leave such steps out, or put a finite number in'],
  ['two', '', columns],
  ['12.5 kW', '', columns],
])('why %j is no number, and what to do', (text, why, hint) => {
  expect(notDecimal(text)).toEqual({ why, hint })
})
