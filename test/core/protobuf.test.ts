import { expect, it } from 'vitest'
import { fieldsOf } from '../../src/core/protobuf.js'

/** Field 1 of wire type 0, whose varint has these bytes. */
const varint = (...bytes: readonly number[]) => fieldsOf(Uint8Array.of(8, ...bytes))
const full = new Array<number>(8).fill(0xff)

// Numbers and their bytes: protobuf.dev/programming-guides/encoding; negative ones have ten bytes.
it.each([
  [150, [0x96, 0x01]],
  [2 ** 53 - 1, [...full.slice(0, 7), 0x0f]],
  [-1, [0xff, ...full, 0x01]],
  [-2, [0xfe, ...full, 0x01]],
  [-128, [0x80, ...full, 0x01]],
])('reads %i', (value, bytes) => {
  expect(varint(...bytes)).toEqual([{ number: 1, value }])
})

it.each([
  ['a varint without an end', [8, 0x80]],
  ['a length of less than nothing', [10, 0xfe, ...full, 0x01, 0]],
  ['a length beyond the end', [10, 5, 0]],
  ['a key of less than nothing', [0xf8, ...full, 0x01, 0]],
])('finds no message in %s', (_, bytes) => {
  expect(fieldsOf(Uint8Array.from(bytes))).toBeUndefined()
})
