/** A tensor in memory, row-major. Whole numbers and booleans (0, 1) of every ONNX type are int32 here. */
export interface Value {
  readonly shape: readonly number[]
  readonly data: Numbers
}

export type Numbers = Float32Array | Int32Array

export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** As many zeros, of the type of `like`. */
export function zerosLike(like: Numbers, count: number): Numbers {
  return like instanceof Float32Array ? new Float32Array(count) : new Int32Array(count)
}

export function ints(numbers: readonly number[], shape: readonly number[] = [numbers.length]): Value {
  return { shape, data: Int32Array.from(numbers) }
}

/** How far apart neighbours of each axis are. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => countOf(shape.slice(axis + 1)))
}

/** Elements of `data` at offset + Σ_axis index_axis stride_axis: slices, transposes and repetitions are of this form. */
export function strided(data: Numbers, shape: readonly number[], strides: readonly number[], offset = 0): Value {
  const out = zerosLike(data, countOf(shape))
  let at = 0
  const copy = (axis: number, from: number): void => {
    const [size = 1, stride = 0] = [shape[axis], strides[axis]]
    if (axis >= shape.length - 1) for (let n = 0; n < size; n++) out[at++] = data[from + n * stride] ?? 0
    else for (let n = 0; n < size; n++) copy(axis + 1, from + n * stride)
  }
  if (out.length > 0) copy(0, offset)
  return { shape, data: out }
}

/** The shape that tensors are broadcast to; sizes of 1 are stretched. */
export function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const [left = 1, right = 1] = [a[a.length - rank + axis], b[b.length - rank + axis]]
    return left === 1 ? right : left
  })
}

/** A tensor broadcast to a shape. */
export function expanded(value: Value, shape: readonly number[]): Value {
  if (value.shape.join() === shape.join()) return value
  const before = shape.length - value.shape.length
  const own = stridesOf(value.shape)
  const strides = shape.map((_, axis) => (value.shape[axis - before] === 1 ? 0 : (own[axis - before] ?? 0)))
  return strided(value.data, shape, strides)
}

/** An axis counted from the end where it is negative. */
export function axisOf(axis: number, { shape }: Value): number {
  return axis < 0 ? axis + shape.length : axis
}

/** [before, axis, after]: how a tensor falls apart around an axis. */
export function around({ shape }: Value, axis: number): readonly [outer: number, size: number, inner: number] {
  return [countOf(shape.slice(0, axis)), shape[axis] ?? 1, countOf(shape.slice(axis + 1))]
}
