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

function advance(position: number[], shape: readonly number[]): void {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const next = (position[axis] as number) + 1
    position[axis] = next === shape[axis] ? 0 : next
    if (next !== shape[axis]) return
  }
}

/**
 * Where the elements of `shape` lie in data whose axes have these strides (0: the axis is spread; negative: it runs
 * backwards), one number each in row-major order.
 */
export function offsets(shape: readonly number[], strides: readonly number[], start = 0): Int32Array {
  let found = Int32Array.of(start)
  shape.forEach((size, axis) => {
    const stride = strides[axis] as number
    const next = new Int32Array(found.length * size)
    for (let i = 0, to = 0; i < found.length; i++) {
      for (let step = 0, at = found[i] as number; step < size; step++, at += stride) next[to++] = at
    }
    found = next
  })
  return found
}

/** x seen with other axes, as `offsets` says. */
export function view({ data }: Array64, shape: readonly number[], strides: readonly number[], start = 0): Array64 {
  const from = offsets(shape, strides, start)
  const seen = new Float64Array(from.length)
  for (let i = 0; i < seen.length; i++) seen[i] = data[from[i] as number] as number
  return { shape, data: seen }
}

/** x repeated along axes of size 1 (and along leading axes that it lacks), so that it has `shape`. */
export function spread(x: Array64, shape: readonly number[]): Array64 {
  if (sameShape(x.shape, shape)) return x
  const strides = stridesOf(x.shape)
  const extra = shape.length - x.shape.length
  const along = shape.map((_, axis) => (x.shape[axis - extra] === 1 ? 0 : (strides[axis - extra] ?? 0)))
  return view(x, shape, along)
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
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
  const data = new Float64Array(sizeOf(kept)).fill(first)
  const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride))
  const to = offsets(x.shape, strides)
  for (let i = 0; i < to.length; i++) {
    const at = to[i] as number
    data[at] = merge(data[at] as number, x.data[i] as number)
  }
  return { shape: keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis)), data }
}

export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1)
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number)
  }
  return strides
}
