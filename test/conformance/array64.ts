import { sizeOf } from '../../src/core/tensors.js'

/** A row-major array of float64 numbers; integers and booleans (0, 1) are held the same way. */
export interface Array64 {
  readonly shape: readonly number[]
  readonly data: Float64Array
}

export function array(shape: readonly number[], data: Float64Array | readonly number[]): Array64 {
  if (sizeOf(shape) !== data.length) throw new RangeError(`[${shape}] does not hold ${data.length} numbers`)
  return { shape, data: data instanceof Float64Array ? data : Float64Array.from(data) }
}

/** The array of `shape` whose number at each position is `at(position)`. */
export function build(shape: readonly number[], at: (position: readonly number[]) => number): Array64 {
  const data = new Float64Array(sizeOf(shape))
  const position = shape.map(() => 0)
  for (let i = 0; i < data.length; i++) {
    data[i] = at(position)
    advance(position, shape)
  }
  return { shape, data }
}

/** The number at a position; where the array has size 1 (or lacks leading axes), it is spread. */
export function read({ shape, data }: Array64, position: readonly number[]): number {
  const extra = position.length - shape.length
  let offset = 0
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis] as number
    offset = offset * size + (size === 1 ? 0 : (position[axis + extra] as number))
  }
  return data[offset] as number
}

function advance(position: number[], shape: readonly number[]): void {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const next = (position[axis] as number) + 1
    position[axis] = next === shape[axis] ? 0 : next
    if (next !== shape[axis]) return
  }
}

export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  const size = (shape: readonly number[], axis: number) => shape[axis - rank + shape.length] ?? 1
  return Array.from({ length: rank }, (_, axis) => Math.max(size(a, axis), size(b, axis)))
}

/** Sums (or whatever `merge` does) along axes. */
export function reduce(
  x: Array64,
  axes: readonly number[],
  keepDims: boolean,
  first: number,
  merge: (sum: number, value: number) => number,
): Array64 {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  const result = { shape: kept, data: new Float64Array(sizeOf(kept)).fill(first) }
  const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride))
  build(x.shape, (position) => {
    const at = position.reduce((sum, index, axis) => sum + index * (strides[axis] as number), 0)
    result.data[at] = merge(result.data[at] as number, read(x, position))
    return 0
  })
  return keepDims
    ? result
    : array(
        x.shape.filter((_, axis) => !axes.includes(axis)),
        result.data,
      )
}

export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
}
