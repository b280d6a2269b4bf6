import type { Column } from '../types.js'

/** The ids of rows of tokens one after the other. */
export function packIds(rows: readonly (readonly string[])[], idOf: (token: string) => number): Column {
  const offsets = offsetsOf(rows.map((row) => row.length))
  const data = new Int32Array(offsets.at(-1) ?? 0)
  let at = 0
  for (const row of rows) for (const token of row) data[at++] = idOf(token)
  return { kind: 'ids', data, offsets }
}

/** Rows of steps of `width` numbers one after the other; a row's length is a multiple of the width. */
export function packValues(rows: readonly (readonly number[])[], width: number): Column {
  const offsets = offsetsOf(rows.map((row) => row.length / width))
  const data = new Float32Array((offsets.at(-1) ?? 0) * width)
  for (const [index, row] of rows.entries()) data.set(row, (offsets[index] ?? 0) * width)
  return { kind: 'values', data, offsets, width }
}

/** [0, l0, l0 + l1, ...]. */
export function offsetsOf(lengths: readonly number[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1)
  lengths.forEach((length, index) => {
    offsets[index + 1] = (offsets[index] ?? 0) + length
  })
  return offsets
}

/** Steps of each row. */
export function lengthsOf({ offsets }: Column): Int32Array {
  return offsets.subarray(1).map((end, row) => end - (offsets[row] ?? 0))
}
