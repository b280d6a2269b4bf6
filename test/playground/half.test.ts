import { expect, it } from 'vitest'
import { halfToNumber, numberToHalf } from '../../src/playground/model.js'

// IEEE 754 binary16: 1, the least and the largest subnormal, the least normal, the largest, and what is beyond it.
it.each([
  [1, 0x3c00],
  [-2, 0xc000],
  [2 ** -24, 0x0001],
  [1023 * 2 ** -24, 0x03ff],
  [2 ** -14, 0x0400],
  [65504, 0x7bff],
  [Number.POSITIVE_INFINITY, 0x7c00],
  [0, 0],
])('%d is the half %i', (value, half) => {
  expect(numberToHalf(value)).toBe(half)
  expect(halfToNumber(half)).toBe(value)
})

it('rounds to the nearest half, ties to even', () => {
  const rounded = (value: number) => halfToNumber(numberToHalf(value))
  expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 - 2 ** -12, 65520].map(rounded)).toEqual([1, 1 + 2 ** -9, 2, Infinity])
})
