import { sizeOf } from '../../../core/tensors.js'
import type { ValueId } from '../ir.js'
import { type Emitter, input, only, type Rule } from './rule.js'

const reshape: Rule = ({ emit, inputs, types }) => [emit.reshape(input(inputs), only(types).shape)]

/** Up to this many rows, a product with a matrix of zeros and ones is faster than ScatterElements. */
export const fewRows = 128

/** Rows of `updates` [n, R] added into zeros [count, R] at `rows`, n of them. */
export function addRows(emit: Emitter, rows: ValueId, updates: ValueId, count: number): ValueId {
  const { dtype, shape } = emit.type(updates)
  if (dtype === 'float32' && count <= fewRows && (shape[1] ?? 1) > 1) return addFewRows(emit, rows, updates, count)
  const places = emit.expand(emit.reshape(rows, [shape[0] ?? 0, 1]), shape)
  const zeros = emit.fill({ dtype, shape: [count, shape[1] ?? 1] }, 0)
  // Not ScatterND: above one thread its "add" loses updates at repeated places.
  return emit.op('ScatterElements', [zeros, places, updates], emit.type(zeros), { axis: 0, reduction: 'add' })
}

/** The same as [rows_j = i] [count, n] times `updates`. */
function addFewRows(emit: Emitter, rows: ValueId, updates: ValueId, count: number): ValueId {
  const [n = 0, size = 1] = emit.shape(updates)
  const numbers = emit.constant('int32', [...Array(count).keys()], [count, 1])
  const hits = emit.op('Equal', [emit.reshape(rows, [1, n]), numbers], { dtype: 'bool', shape: [count, n] })
  return emit.op('Gemm', [emit.cast(hits, 'float32'), updates], { dtype: 'float32', shape: [count, size] })
}

/** Coordinates [..., D] into a space of sizes `shape` (its first D axes) -> [n] places in that space made flat. */
function flatPlaces(emit: Emitter, coordinates: ValueId, shape: readonly number[]): ValueId {
  const depth = emit.shape(coordinates).at(-1) ?? 1
  const count = sizeOf(emit.shape(coordinates)) / depth
  const flat = emit.reshape(coordinates, [count, depth])
  if (depth === 1) return emit.reshape(flat, [count])
  const strides = Array.from({ length: depth }, (_, axis) => sizeOf(shape.slice(axis + 1, depth)))
  const weighted = emit.op('Mul', [flat, emit.constant('int32', strides)], emit.type(flat))
  return emit.op('ReduceSum', [weighted, emit.longs([1])], { dtype: 'int32', shape: [count] }, { keepdims: 0 })
}

const matMul: Rule = ({ emit, inputs, attrs, types }) => {
  const [a, b] = [input(inputs), input(inputs, 1)]
  const { transposeA, transposeB } = attrs
  const type = only(types)
  if (emit.shape(a).length === 2 && emit.shape(b).length === 2) {
    const flags = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 }
    return [emit.op('Gemm', [a, b], type, flags)]
  }
  return [emit.op('MatMul', [transposeA ? emit.swapLast(a) : a, transposeB ? emit.swapLast(b) : b], type)]
}

const concat: Rule = ({ emit, inputs, attrs, types }) => [
  inputs.length === 1 ? emit.map('Identity', input(inputs)) : emit.op('Concat', inputs, only(types), attrs),
]

/** Slice with its bounds as ONNX wants them: a negative stride runs past the front at -(size + 1). */
function slice(emit: Emitter, x: ValueId, bounds: { begin: number[]; end: number[]; strides: number[] }): ValueId {
  const { dtype, shape } = emit.type(x)
  const ends = bounds.end.map((end, axis) =>
    (bounds.strides[axis] ?? 1) < 0 && end < 0 ? -(shape[axis] ?? 0) - 1 : end,
  )
  const sizes = bounds.begin.map((begin, axis) => {
    const stride = bounds.strides[axis] ?? 1
    const end = bounds.end[axis] ?? 0
    return Math.max(0, Math.ceil((end - begin) / stride))
  })
  const used = shape
    .map((_, axis) => axis)
    .filter((axis) => sizes[axis] !== shape[axis] || (bounds.strides[axis] ?? 1) !== 1)
  if (used.length === 0) return emit.map('Identity', x)
  const pick = (numbers: readonly number[]) => emit.longs(used.map((axis) => numbers[axis] ?? 0))
  return emit.op('Slice', [x, pick(bounds.begin), pick(ends), emit.longs(used), pick(bounds.strides)], {
    dtype,
    shape: sizes,
  })
}

/** Gather along `axis`; with batch axes in front of it, an element or a row for each batch. */
const gather: Rule = ({ emit, inputs, attrs, types }) => {
  const [x, indices] = [input(inputs), input(inputs, 1)]
  if (attrs.batchDims === 0) return [emit.op('Gather', [x, indices], only(types), { axis: attrs.axis })]
  if (attrs.axis !== attrs.batchDims)
    throw new RangeError('gather with batchDims must gather along the axis after them')
  const deep = emit.cast(emit.reshape(indices, [...emit.shape(indices), 1]), 'int64')
  return [emit.op('GatherND', [x, deep], only(types), { batch_dims: attrs.batchDims })]
}

export const structure = {
  BatchMatMul: matMul,
  Reshape: reshape,
  ExpandDims: reshape,
  Transpose: ({ emit, inputs, attrs }) => [emit.transpose(input(inputs), attrs.perm)],
  Concat: concat,
  Pack: ({ emit, inputs, attrs, types }) => {
    const whole = only(types).shape
    const item = whole.map((size, axis) => (axis === attrs.axis ? 1 : size))
    return concat({ emit, inputs: inputs.map((value) => emit.reshape(value, item)), attrs, types })
  },
  Unpack: ({ emit, inputs, attrs, types }) => {
    const x = input(inputs)
    const { dtype, shape } = emit.type(x)
    const item = { dtype, shape: shape.map((size, axis) => (axis === attrs.axis ? 1 : size)) }
    const sizes = emit.longs(types.map(() => 1))
    const parts =
      types.length === 1
        ? [x]
        : emit.ops(
            'Split',
            [x, sizes],
            types.map(() => item),
            { axis: attrs.axis },
          )
    return parts.map((part) => emit.reshape(part, only(types).shape))
  },
  SplitV: ({ emit, inputs, attrs, types }) =>
    types.length === 1
      ? [emit.map('Identity', input(inputs))]
      : emit.ops('Split', [input(inputs), emit.longs(attrs.sizes)], types, { axis: attrs.axis }),
  Slice: ({ emit, inputs, attrs, types }) => {
    const begin: readonly number[] = attrs.begin
    const end = begin.map((from, axis) => from + (only(types).shape[axis] ?? 0))
    return [slice(emit, input(inputs), { begin: [...begin], end, strides: begin.map(() => 1) })]
  },
  StridedSlice: ({ emit, inputs, attrs, types }) => {
    const { begin, end, strides } = attrs
    return [emit.reshape(slice(emit, input(inputs), { begin, end, strides }), only(types).shape)]
  },
  PadV2: ({ emit, inputs, attrs, types }) => {
    const value = emit.scalar(only(types).dtype, attrs.value)
    return [emit.op('Pad', [input(inputs), emit.longs([...attrs.before, ...attrs.after]), value], only(types))]
  },
  Tile: ({ emit, inputs, attrs, types }) => [emit.op('Tile', [input(inputs), emit.longs(attrs.reps)], only(types))],
  BroadcastTo: ({ emit, inputs, types }) => [emit.expand(input(inputs), only(types).shape)],
  Reverse: ({ emit, inputs, attrs, types }) => {
    if (attrs.axes.length === 0) return [emit.map('Identity', input(inputs))]
    const all = (number: number) => emit.longs(attrs.axes.map(() => number))
    const ends = emit.longs(attrs.axes.map((axis: number) => -(only(types).shape[axis] ?? 0) - 1))
    return [emit.op('Slice', [input(inputs), all(-1), ends, emit.longs(attrs.axes), all(-1)], only(types))]
  },
  GatherV2: gather,
  GatherNd: ({ emit, inputs, types }) => [
    emit.op('GatherND', [input(inputs), emit.cast(input(inputs, 1), 'int64')], only(types)),
  ],
  ScatterNd: ({ emit, inputs, types }) => {
    const [indices, updates] = [input(inputs), input(inputs, 1)]
    const { shape } = only(types)
    const depth = emit.shape(indices).at(-1) ?? 1
    const rowSize = sizeOf(shape.slice(depth))
    const places = flatPlaces(emit, indices, shape)
    const rows = emit.reshape(updates, [sizeOf(emit.shape(places)), rowSize])
    return [emit.reshape(addRows(emit, places, rows, sizeOf(shape.slice(0, depth))), shape)]
  },
  TensorScatterUpdate: ({ emit, inputs, types }) => [
    emit.op('ScatterND', [input(inputs), emit.cast(input(inputs, 1), 'int64'), input(inputs, 2)], only(types)),
  ],
  UnsortedSegmentSum: ({ emit, inputs, types }) => {
    const [x, ids] = [input(inputs), input(inputs, 1)]
    const { shape } = only(types)
    const count = sizeOf(emit.shape(ids))
    const rows = emit.reshape(x, [count, sizeOf(shape.slice(1))])
    return [emit.reshape(addRows(emit, ids, rows, shape[0] ?? 0), shape)]
  },
  /** ONNX Runtime has it for float values and int64 indices. */
  OneHot: ({ emit, inputs, attrs, types }) => {
    const { dtype, shape } = only(types)
    const values = emit.constant('float32', [attrs.offValue, attrs.onValue])
    const operands = [emit.cast(input(inputs), 'int64'), emit.scalar('int64', attrs.depth), values]
    return [emit.cast(emit.op('OneHot', operands, { dtype: 'float32', shape }, { axis: -1 }), dtype)]
  },
} as const satisfies Record<string, Rule>
