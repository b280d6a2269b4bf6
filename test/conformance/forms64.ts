import { sizeOf } from '../../src/core/tensors.js'
import type { Attributes, ValueType } from '../../src/engine/compiled/ir.js'
import { type Array64, array, broadcast, build, offsets, reduce, spread, stridesOf, view } from './array64.js'

/** What a kernel does, in float64. `outputs` are the types that the trace recorded. */
export type Kernel64 = (
  inputs: readonly Array64[],
  attrs: Attributes,
  outputs: readonly ValueType[],
) => readonly Array64[]

export const unary =
  (of: (x: number, attrs: Attributes) => number): Kernel64 =>
  ([x], attrs) => [{ shape: is(x).shape, data: is(x).data.map((value) => of(value, attrs)) }]

export const binary =
  (of: (a: number, b: number) => number): Kernel64 =>
  ([a, b]) => {
    const shape = broadcast(is(a).shape, is(b).shape)
    const [left, right] = [spread(is(a), shape).data, spread(is(b), shape).data]
    const data = new Float64Array(left.length)
    for (let i = 0; i < data.length; i++) data[i] = of(left[i] as number, right[i] as number)
    return [{ shape, data }]
  }

export const reduction =
  (first: number, merge: (sum: number, value: number) => number): Kernel64 =>
  ([x], { axes, keepDims }) => [reduce(is(x), list(axes), keepDims === true, first, merge)]

export const test =
  (of: (a: number, b: number) => boolean): Kernel64 =>
  (inputs, attrs, outputs) =>
    binary((a, b) => (of(a, b) ? 1 : 0))(inputs, attrs, outputs)

export const reshape: Kernel64 = ([x], _, [output]) => [array(is(output).shape, is(x).data)]

export function is<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('The kernel lacks an input or an output')
  return value
}

export const list = (attr: unknown): readonly number[] => attr as readonly number[]

const replaced = (at: readonly number[], axis: number, index: number) => at.map((old, i) => (i === axis ? index : old))

/** [..., M, K] @ [..., K, N] -> [..., M, N]; either may come with its last two axes exchanged. */
export const matMul: Kernel64 = ([a, b], { transposeA, transposeB }, [output]) => {
  const { shape } = is(output)
  const [outer, [rows = 1, columns = 1]] = [shape.slice(0, -2), shape.slice(-2)]
  const inner = is(a).shape.at(transposeA === true ? -2 : -1) ?? 1
  // Both with the summed axis last, so that a sum runs along neighbours.
  const left = laidOut(is(a), [...outer, rows, inner], transposeA === true)
  const right = laidOut(is(b), [...outer, columns, inner], transposeB !== true)
  const data = new Float64Array(sizeOf(shape))
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / columns)
    const column = Math.floor(row / rows) * columns + (i % columns)
    let sum = 0
    for (let k = 0; k < inner; k++) sum += (left[row * inner + k] as number) * (right[column * inner + k] as number)
    data[i] = sum
  }
  return [{ shape, data }]
}

/** The numbers of x in `shape`: its last two axes exchanged where they are `swapped`, then spread over outer axes. */
function laidOut(x: Array64, shape: readonly number[], swapped: boolean): Float64Array {
  if (!swapped) return spread(x, shape).data
  const axes = x.shape.map((_, axis) => axis)
  return spread(permuted(x, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]), shape).data
}

/** Axis i of the result is axis `perm[i]` of x. */
export function permuted(x: Array64, perm: readonly number[]): Array64 {
  const strides = stridesOf(x.shape)
  return view(
    x,
    perm.map((axis) => x.shape[axis] as number),
    perm.map((axis) => strides[axis] as number),
  )
}

/** The block of `shape` that begins at a position of x. */
export function block(x: Array64, begin: readonly number[], shape: readonly number[]): Array64 {
  const strides = stridesOf(x.shape)
  const start = begin.reduce((sum, index, axis) => sum + index * (strides[axis] as number), 0)
  return view(x, shape, strides, start)
}

/** Writes x into `into` as the block that begins at a position. */
function place(into: Array64, begin: readonly number[], x: Array64): void {
  const strides = stridesOf(into.shape)
  const start = begin.reduce((sum, index, axis) => sum + index * (strides[axis] as number), 0)
  const to = offsets(x.shape, strides, start)
  for (let i = 0; i < to.length; i++) into.data[to[i] as number] = x.data[i] as number
}

const beginAlong = (shape: readonly number[], axis: number, index: number) =>
  replaced(
    shape.map(() => 0),
    axis,
    index,
  )

/** Several arrays one behind the other along an axis. */
export const concat: Kernel64 = (inputs, { axis }, [output]) => {
  const { shape } = is(output)
  const joined = { shape, data: new Float64Array(sizeOf(shape)) }
  let start = 0
  for (const input of inputs) {
    place(joined, beginAlong(shape, axis as number, start), input)
    start += input.shape[axis as number] as number
  }
  return [joined]
}

const withAxis = (shape: readonly number[], axis: number) => [...shape.slice(0, axis), 1, ...shape.slice(axis)]

export const pack: Kernel64 = (inputs, attrs, outputs) => {
  const axis = attrs.axis as number
  return concat(
    inputs.map(({ shape, data }) => ({ shape: withAxis(shape, axis), data })),
    attrs,
    outputs,
  )
}

export const unpack: Kernel64 = ([x], { axis }, outputs) =>
  outputs.map(({ shape }, index) => {
    const along = axis as number
    const { data } = block(is(x), beginAlong(is(x).shape, along, index), withAxis(shape, along))
    return { shape, data }
  })

export const split: Kernel64 = ([x], { axis, sizes }, outputs) => {
  const along = axis as number
  let start = 0
  return outputs.map(({ shape }, index) => {
    const part = block(is(x), beginAlong(shape, along, start), shape)
    start += list(sizes)[index] as number
    return part
  })
}

/** The number at a position within the array, without broadcasting. */
export function exact({ shape, data }: Array64, at: readonly number[]): number {
  const strides = stridesOf(shape)
  return data[at.reduce((sum, index, axis) => sum + index * (strides[axis] ?? 0), 0)] as number
}

export const pad: Kernel64 = ([x], { before, value }, [output]) => {
  const { shape } = is(output)
  const padded = { shape, data: new Float64Array(sizeOf(shape)).fill(value as number) }
  place(padded, list(before), is(x))
  return [padded]
}

export const gather: Kernel64 = ([x, indices], { axis, batchDims }, [output]) => {
  const [along, batched] = [axis as number, batchDims as number]
  const width = is(indices).shape.length - batched
  const gathered = build(is(output).shape, (at) => {
    const index = exact(is(indices), [...at.slice(0, batched), ...at.slice(along, along + width)])
    return exact(is(x), [...at.slice(0, along), index, ...at.slice(along + width)])
  })
  return [gathered]
}

export const gatherNd: Kernel64 = ([params, indices], _, [output]) => {
  const depth = is(indices).shape.at(-1) ?? 1
  const rank = is(indices).shape.length - 1
  const found = build(is(output).shape, (at) => {
    const index = Array.from({ length: depth }, (_, i) => exact(is(indices), [...at.slice(0, rank), i]))
    return exact(is(params), [...index, ...at.slice(rank)])
  })
  return [found]
}

export const scatterNd: Kernel64 = ([indices, updates], _, [output]) => {
  const { shape } = is(output)
  const result = { shape, data: new Float64Array(sizeOf(shape)) }
  const strides = stridesOf(shape)
  const depth = is(indices).shape.at(-1) ?? 1
  const rank = is(indices).shape.length - 1
  build(is(updates).shape, (at) => {
    const index = Array.from({ length: depth }, (_, i) => exact(is(indices), [...at.slice(0, rank), i]))
    const to = [...index, ...at.slice(rank)].reduce((sum, i, axis) => sum + i * (strides[axis] ?? 0), 0)
    result.data[to] = (result.data[to] ?? 0) + exact(is(updates), at)
    return 0
  })
  return [result]
}

export const segmentSum: Kernel64 = ([x, ids], _, [output]) => {
  const { shape } = is(output)
  const result = { shape, data: new Float64Array(sizeOf(shape)) }
  const strides = stridesOf(shape)
  const rank = is(ids).shape.length
  build(is(x).shape, (at) => {
    const to = [exact(is(ids), at.slice(0, rank)), ...at.slice(rank)]
    const offset = to.reduce((sum, i, axis) => sum + i * (strides[axis] ?? 0), 0)
    result.data[offset] = (result.data[offset] ?? 0) + exact(is(x), at)
    return 0
  })
  return [result]
}

export const topK: Kernel64 = ([x], { k }, [output]) => {
  const { shape, data } = is(x)
  const width = shape.at(-1) ?? 1
  const [values, indices]: [number[], number[]] = [[], []]
  for (let start = 0; start < data.length; start += width) {
    const row = [...data.slice(start, start + width)].map((value, index) => ({ value, index }))
    row.sort((a, b) => b.value - a.value || a.index - b.index)
    for (const { value, index } of row.slice(0, k as number)) {
      values.push(value)
      indices.push(index)
    }
  }
  return [array(is(output).shape, values), array(is(output).shape, indices)]
}

/** Along one axis: exp(x - max) over its sum, or its logarithm. */
export const softmax =
  (log: boolean): Kernel64 =>
  ([x], { axis }) => {
    const { shape, data } = is(x)
    const over = (array: Array64, first: number, merge: (a: number, b: number) => number) =>
      spread(reduce(array, [axis as number], true, first, merge), shape).data
    const max = over(is(x), Number.NEGATIVE_INFINITY, Math.max)
    const shifted = data.map((value, i) => value - (max[i] as number))
    const sum = over({ shape, data: shifted.map(Math.exp) }, 0, (a, b) => a + b)
    const of = (value: number, i: number) =>
      log ? value - Math.log(sum[i] as number) : Math.exp(value) / (sum[i] as number)
    return [{ shape, data: shifted.map(of) }]
  }

export const arg =
  (better: (a: number, b: number) => boolean): Kernel64 =>
  ([x], { axis }, [output]) => {
    const along = axis as number
    const found = build(is(output).shape, (at) => {
      const value = (index: number) => exact(is(x), [...at.slice(0, along), index, ...at.slice(along)])
      let best = 0
      for (let index = 1; index < (is(x).shape[along] ?? 0); index++)
        if (better(value(index), value(best))) best = index
      return best
    })
    return [found]
  }

export const cumulative =
  (first: number, merge: (a: number, b: number) => number): Kernel64 =>
  ([x], { axis, exclusive, reverse }) => {
    const along = axis as number
    const size = is(x).shape[along] ?? 0
    const result = build(is(x).shape, (at) => {
      const index = at[along] ?? 0
      const [from, to] = reverse === true ? [index + (exclusive ? 1 : 0), size] : [0, index + (exclusive ? 0 : 1)]
      let value = first
      for (let i = from; i < to; i++) value = merge(value, exact(is(x), replaced(at, along, i)))
      return value
    })
    return [result]
  }

export const mean: Kernel64 = ([x], { axes, keepDims }) => {
  const count = list(axes).reduce((product, axis) => product * (is(x).shape[axis] ?? 1), 1)
  const sum = reduce(is(x), list(axes), keepDims === true, 0, (a, b) => a + b)
  return [{ shape: sum.shape, data: sum.data.map((value) => value / count) }]
}
