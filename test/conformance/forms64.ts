import { sizeOf } from '../../src/core/tensors.js'
import type { Attributes, ValueType } from '../../src/engine/compiled/ir.js'
import { type Array64, array, broadcast, build, read, reduce, stridesOf } from './array64.js'

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
    const [left, right] = [is(a), is(b)]
    return [build(broadcast(left.shape, right.shape), (at) => of(read(left, at), read(right, at)))]
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

/** x with each position moved: output position -> input position, or nothing where `outside` stands. */
export function moved(
  x: Array64,
  shape: readonly number[],
  from: (at: readonly number[]) => readonly number[],
): Array64 {
  return build(shape, (at) => read(x, from(at)))
}

const replaced = (at: readonly number[], axis: number, index: number) => at.map((old, i) => (i === axis ? index : old))

export const matMul: Kernel64 = ([a, b], { transposeA, transposeB }, [output]) => {
  const [left, right] = [is(a), is(b)]
  const inner = left.shape.at(transposeA === true ? -2 : -1) ?? 1
  const product = build(is(output).shape, (at) => {
    const [outer, [row = 0, column = 0]] = [at.slice(0, -2), at.slice(-2)]
    let sum = 0
    for (let k = 0; k < inner; k++) {
      const fromLeft = transposeA === true ? [...outer, k, row] : [...outer, row, k]
      const fromRight = transposeB === true ? [...outer, column, k] : [...outer, k, column]
      sum += read(left, fromLeft) * read(right, fromRight)
    }
    return sum
  })
  return [product]
}

/** Several arrays one behind the other along an axis, each `sizes` long there. */
export const concat: Kernel64 = (inputs, { axis }, [output]) => {
  const along = axis as number
  const starts = inputs.map((_, i) => inputs.slice(0, i).reduce((sum, { shape }) => sum + (shape[along] ?? 0), 0))
  const joined = build(is(output).shape, (at) => {
    const index = at[along] ?? 0
    const part = starts.findLastIndex((start, i) => start <= index && (inputs[i]?.shape[along] ?? 0) > 0)
    return read(is(inputs[part]), replaced(at, along, index - (starts[part] ?? 0)))
  })
  return [joined]
}

export const pack: Kernel64 = (inputs, { axis }, [output]) => [
  build(is(output).shape, (at) => {
    const along = axis as number
    return exact(is(inputs[at[along] ?? 0]), [...at.slice(0, along), ...at.slice(along + 1)])
  }),
]

export const unpack: Kernel64 = ([x], { axis }, outputs) =>
  outputs.map(({ shape }, index) => {
    const along = axis as number
    return build(shape, (at) => exact(is(x), [...at.slice(0, along), index, ...at.slice(along)]))
  })

export const split: Kernel64 = ([x], { axis, sizes }, outputs) =>
  outputs.map(({ shape }, index) => {
    const along = axis as number
    const start = list(sizes)
      .slice(0, index)
      .reduce((sum, size) => sum + size, 0)
    return build(shape, (at) => exact(is(x), replaced(at, along, start + (at[along] ?? 0))))
  })

/** `read` without spreading: for kernels whose positions are those of the array itself. */
export function exact({ shape, data }: Array64, at: readonly number[]): number {
  const strides = stridesOf(shape)
  return data[at.reduce((sum, index, axis) => sum + index * (strides[axis] ?? 0), 0)] as number
}

export const pad: Kernel64 = ([x], { before, value }, [output]) => [
  build(is(output).shape, (at) => {
    const from = at.map((index, axis) => index - (list(before)[axis] ?? 0))
    const inside = from.every((index, axis) => index >= 0 && index < (is(x).shape[axis] ?? 0))
    return inside ? exact(is(x), from) : (value as number)
  }),
]

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
    const axes = [axis as number]
    const max = reduce(is(x), axes, true, Number.NEGATIVE_INFINITY, Math.max)
    const shifted = build(is(x).shape, (at) => read(is(x), at) - read(max, at))
    const sum = reduce({ shape: shifted.shape, data: shifted.data.map(Math.exp) }, axes, true, 0, (a, b) => a + b)
    return [
      build(shifted.shape, (at) => {
        const value = read(shifted, at)
        return log ? value - Math.log(read(sum, at)) : Math.exp(value) / read(sum, at)
      }),
    ]
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
