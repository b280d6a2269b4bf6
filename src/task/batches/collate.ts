import { floats, type HostTensor, ints, zeros } from '../../core/tensors.js'
import type { Tree } from '../../core/tree.js'
import type { Column } from '../../data/types.js'

/** Rows of ids, padded with 0: [batch, steps] int32; `before` and `after` are put around every row. */
export function padIds(
  column: Column,
  rows: readonly number[],
  [batch, steps]: readonly [batch: number, steps: number],
  around: { readonly before?: number; readonly after?: number } = {},
): HostTensor {
  if (column.kind !== 'ids') throw new RangeError('Expected a column of ids, not of numbers')
  const padded = new Int32Array(batch * steps)
  const { data, offsets } = column
  rows.forEach((row, index) => {
    let at = index * steps
    const last = at + steps
    if (around.before !== undefined) padded[at++] = around.before
    const end = offsets[row + 1] ?? 0
    for (let element = offsets[row] ?? 0; element < end; element++) padded[at++] = data[element] ?? 0
    if (around.after !== undefined) padded[at++] = around.after
    if (at > last) throw new RangeError(`Row ${row} is longer than the ${steps} steps of its batch`)
  })
  return ints(padded, [batch, steps])
}

/** C: places for what each token of these rows has (its characters): `least`, or more where a token has more. */
export function attributeSteps(
  { offsets: rowOffsets }: Column,
  { offsets }: Column,
  rows: readonly number[],
  least = 1,
): number {
  let longest = least
  for (const row of rows) {
    const end = rowOffsets[row + 1] ?? 0
    for (let token = rowOffsets[row] ?? 0; token < end; token++)
      longest = Math.max(longest, (offsets[token + 1] ?? 0) - (offsets[token] ?? 0))
  }
  return longest
}

/**
 * What each token of a source has besides, padded with 0: ids [batch, steps, C] int32, and its mask float32. `column` has a
 * row for each token of the `source`.
 */
export function padAttributes(
  source: Column,
  column: Column,
  rows: readonly number[],
  [batch, steps, places]: readonly [batch: number, steps: number, places: number],
): Tree<HostTensor> {
  const shape = [batch, steps, places] as const
  const [ids, mask] = [new Int32Array(batch * steps * places), new Float32Array(batch * steps * places)]
  rows.forEach((row, index) => {
    const [start, end] = [source.offsets[row] ?? 0, source.offsets[row + 1] ?? 0]
    for (let token = start; token < end; token++) {
      const own = column.data.subarray(column.offsets[token], column.offsets[token + 1])
      const at = (index * steps + token - start) * places
      ids.set(own, at)
      mask.fill(1, at, at + own.length)
    }
  })
  return { ids: ints(ids, shape), mask: floats(mask, shape) }
}

/** Rows of numbers, padded with 0: [batch, steps, width] float32. */
export function padValues(
  column: Column,
  rows: readonly number[],
  [batch, steps]: readonly [batch: number, steps: number],
): HostTensor {
  if (column.kind !== 'values') throw new RangeError('Expected a column of numbers, not of ids')
  const { data, offsets, width } = column
  const padded = new Float32Array(batch * steps * width)
  rows.forEach((row, index) => {
    const values = data.subarray((offsets[row] ?? 0) * width, (offsets[row + 1] ?? 0) * width)
    if (values.length > steps * width) throw new RangeError(`Row ${row} is longer than the ${steps} steps of its batch`)
    padded.set(values, index * steps * width)
  })
  return floats(padded, [batch, steps, width])
}

/** 1 on a row's own steps (and on `extra` more), 0 after them and in rows beyond the examples: [batch, steps] float32. */
export function maskOf(
  { offsets }: Column,
  rows: readonly number[],
  [batch, steps]: readonly [batch: number, steps: number],
  extra = 0,
): HostTensor {
  const mask = new Float32Array(batch * steps)
  rows.forEach((row, index) => {
    const length = (offsets[row + 1] ?? 0) - (offsets[row] ?? 0) + extra
    mask.fill(1, index * steps, index * steps + length)
  })
  return floats(mask, [batch, steps])
}

/** Placeholder for unknown labels: zeros with a mask of zeros. int32 under `name`, float32 under `mask`. */
export function zeroTarget(name: string, shape: readonly number[]): Tree<HostTensor> {
  return { [name]: zeros({ dtype: 'int32', shape }), mask: zeros({ dtype: 'float32', shape }) }
}
