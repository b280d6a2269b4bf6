import { type TfTypes, tf } from '../../core/tf.js'
import { adamInputs } from '../fused-adam.js'
import type { Attributes, ElementType, ValueType } from './ir.js'

/** What a TF.js kernel gives: its outputs' types, and its attributes with axes and bounds made plain. */
interface Inferred {
  readonly outputs: readonly ValueType[]
  readonly attrs: Attributes
}

interface TracedRule {
  /** Names of the kernel's inputs in order; 'list' where TF.js passes an array. */
  readonly inputs: readonly string[] | 'list'
  readonly infer: (inputs: readonly ValueType[], attrs: RawAttributes) => Inferred
}

/** Attributes as TF.js passes them: their types are those of its kernel_names.d.ts. */
export type RawAttributes = Readonly<Record<string, any>>

const give = (outputs: readonly ValueType[], attrs: Attributes = {}): Inferred => ({ outputs, attrs })
const at = (inputs: readonly ValueType[], index = 0): ValueType => {
  const type = inputs[index]
  if (type === undefined) throw new RangeError(`The kernel has no input ${index}`)
  return type
}
const axesOf = (axis: number | number[] | undefined, { shape }: ValueType): number[] =>
  tf.util.parseAxisParam(axis ?? shape.map((_, index) => index), [...shape])

const unary = (
  dtype?: ElementType,
  keep: (attrs: RawAttributes) => Attributes = () => ({}),
  name = 'x',
): TracedRule => ({
  inputs: [name],
  infer: (inputs, attrs) => give([{ ...at(inputs), dtype: dtype ?? at(inputs).dtype }], keep(attrs)),
})

const binary = (dtype?: ElementType): TracedRule => ({
  inputs: ['a', 'b'],
  infer: (inputs) => {
    const [a, b] = [at(inputs), at(inputs, 1)]
    const shape = tf.broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape])
    return give([{ dtype: dtype ?? a.dtype, shape }])
  },
})

const reduction = (dtype: (from: ElementType) => ElementType = (from) => from, key = 'axis'): TracedRule => ({
  inputs: ['x'],
  infer: (inputs, attrs) => {
    const x = at(inputs)
    const axes = axesOf(attrs[key], x)
    const keepDims = attrs.keepDims === true
    return give([{ dtype: dtype(x.dtype), shape: reduced(x.shape, axes, keepDims) }], { axes, keepDims })
  },
})

/** For helpers of TF.js that take a tensor and read its shape alone. */
const shapeOnly = (shape: readonly number[]): TfTypes.TensorInfo => ({
  dataId: {},
  dtype: 'float32',
  shape: [...shape],
})

function reduced(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  if (keepDims) return shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return shape.filter((_, axis) => !axes.includes(axis))
}

const summed = (from: ElementType): ElementType => (from === 'bool' ? 'int32' : from)

const argument: TracedRule = {
  inputs: ['x'],
  infer: (inputs, attrs) => {
    const axis = axesOf(attrs.axis, at(inputs))[0] ?? 0
    return give([{ dtype: 'int32', shape: reduced(at(inputs).shape, [axis], false) }], { axis })
  },
}

const cumulative: TracedRule = {
  inputs: ['x'],
  infer: (inputs, { axis, exclusive, reverse }) =>
    give([at(inputs)], {
      axis: axesOf(axis, at(inputs))[0] ?? 0,
      exclusive: exclusive === true,
      reverse: reverse === true,
    }),
}

const along = (name: string, key: string): TracedRule => ({
  inputs: [name],
  infer: (inputs, attrs) => give([at(inputs)], { axis: axesOf(attrs[key], at(inputs))[0] ?? 0 }),
})

const structure = {
  BatchMatMul: {
    inputs: ['a', 'b'],
    infer: (inputs, attrs) => {
      const [a, b] = [at(inputs).shape, at(inputs, 1).shape]
      const { transposeA = false, transposeB = false } = attrs
      const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.slice(0, -2), b.slice(0, -2))
      const rows = a[a.length - (transposeA ? 1 : 2)] ?? 1
      const columns = b[b.length - (transposeB ? 2 : 1)] ?? 1
      return give([{ dtype: at(inputs).dtype, shape: [...batch, rows, columns] }], { transposeA, transposeB })
    },
  },
  Reshape: { inputs: ['x'], infer: (inputs, { shape }) => reshaped(at(inputs), shape) },
  ExpandDims: {
    inputs: ['input'],
    infer: (inputs, { dim }) => {
      const shape = [...at(inputs).shape]
      shape.splice(dim < 0 ? shape.length + dim + 1 : dim, 0, 1)
      return give([{ ...at(inputs), shape }])
    },
  },
  Transpose: {
    inputs: ['x'],
    infer: (inputs, { perm }) => {
      const { dtype, shape } = at(inputs)
      return give([{ dtype, shape: perm.map((axis: number) => shape[axis]) }], { perm })
    },
  },
  Concat: {
    inputs: 'list',
    infer: (inputs, attrs) => {
      const axis = axesOf(attrs.axis, at(inputs))[0] ?? 0
      const shapes = inputs.map(({ shape }) => [...shape])
      return give([{ ...at(inputs), shape: tf.backend_util.computeOutShape(shapes, axis) }], { axis })
    },
  },
  Pack: {
    inputs: 'list',
    infer: (inputs, attrs) => {
      const shape = [...at(inputs).shape]
      const axis = attrs.axis < 0 ? shape.length + attrs.axis + 1 : attrs.axis
      shape.splice(axis, 0, inputs.length)
      return give([{ ...at(inputs), shape }], { axis })
    },
  },
  Unpack: {
    inputs: ['value'],
    infer: (inputs, attrs) => {
      const { dtype, shape } = at(inputs)
      const axis = axesOf(attrs.axis, at(inputs))[0] ?? 0
      const item = { dtype, shape: reduced(shape, [axis], false) }
      return give(Array(shape[axis]).fill(item), { axis })
    },
  },
  SplitV: {
    inputs: ['x'],
    infer: (inputs, attrs) => {
      const { dtype, shape } = at(inputs)
      const axis = axesOf(attrs.axis, at(inputs))[0] ?? 0
      const sizes = tf.backend_util.prepareSplitSize(shapeOnly(shape), attrs.numOrSizeSplits, axis)
      const part = (size: number) => ({ dtype, shape: shape.map((all, index) => (index === axis ? size : all)) })
      return give(sizes.map(part), { axis, sizes })
    },
  },
  Slice: {
    inputs: ['x'],
    infer: (inputs, attrs) => {
      const { dtype, shape } = at(inputs)
      const [begin = [], size = []] = tf.slice_util.parseSliceParams(shapeOnly(shape), attrs.begin, attrs.size)
      return give([{ dtype, shape: size }], { begin })
    },
  },
  StridedSlice: {
    inputs: ['x'],
    infer: (inputs, a) => {
      const { dtype, shape } = at(inputs)
      const info = tf.slice_util.sliceInfo(
        [...shape],
        a.begin,
        a.end,
        a.strides,
        a.beginMask,
        a.endMask,
        a.ellipsisMask,
        a.newAxisMask,
        a.shrinkAxisMask,
      )
      return give([{ dtype, shape: info.finalShape }], { begin: info.begin, end: info.end, strides: info.strides })
    },
  },
  PadV2: {
    inputs: ['x'],
    infer: (inputs, { paddings, constantValue }) => {
      const { dtype, shape } = at(inputs)
      const before = shape.map((_, axis) => paddings[axis][0])
      const after = shape.map((_, axis) => paddings[axis][1])
      const padded = shape.map((size, axis) => size + before[axis] + after[axis])
      return give([{ dtype, shape: padded }], { before, after, value: constantValue })
    },
  },
  Tile: {
    inputs: ['x'],
    infer: (inputs, { reps }) => {
      const { dtype, shape } = at(inputs)
      return give([{ dtype, shape: shape.map((size, axis) => size * (reps[axis] ?? 1)) }], { reps })
    },
  },
  Reverse: {
    inputs: ['x'],
    infer: (inputs, { dims }) => give([at(inputs)], { axes: axesOf(dims, at(inputs)) }),
  },
  GatherV2: {
    inputs: ['x', 'indices'],
    infer: (inputs, attrs) => {
      const [x, indices] = [at(inputs), at(inputs, 1)]
      const axis = axesOf(attrs.axis, x)[0] ?? 0
      const batchDims = attrs.batchDims < 0 ? attrs.batchDims + indices.shape.length : (attrs.batchDims ?? 0)
      const shape = [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)]
      return give([{ dtype: x.dtype, shape }], { axis, batchDims })
    },
  },
  GatherNd: {
    inputs: ['params', 'indices'],
    infer: (inputs) => {
      const [params, indices] = [at(inputs), at(inputs, 1)]
      const depth = indices.shape[indices.shape.length - 1] ?? 1
      return give([{ dtype: params.dtype, shape: [...indices.shape.slice(0, -1), ...params.shape.slice(depth)] }])
    },
  },
  ScatterNd: {
    inputs: ['indices', 'updates'],
    infer: (inputs, { shape }) => give([{ dtype: at(inputs, 1).dtype, shape }]),
  },
  TensorScatterUpdate: { inputs: ['tensor', 'indices', 'updates'], infer: (inputs) => give([at(inputs)]) },
  UnsortedSegmentSum: {
    inputs: ['x', 'segmentIds'],
    infer: (inputs, { numSegments }) => {
      const [x, ids] = [at(inputs), at(inputs, 1)]
      return give([{ dtype: x.dtype, shape: [numSegments, ...x.shape.slice(ids.shape.length)] }])
    },
  },
  OneHot: {
    inputs: ['indices'],
    infer: (inputs, { dtype = 'int32', depth, onValue, offValue }) =>
      give([{ dtype, shape: [...at(inputs).shape, depth] }], { depth, onValue, offValue }),
  },
  Select: {
    inputs: ['condition', 't', 'e'],
    infer: (inputs) => give([{ dtype: at(inputs, 1).dtype, shape: at(inputs, 1).shape }]),
  },
  TopK: {
    inputs: ['x'],
    infer: (inputs, { k, sorted }) => {
      const { dtype, shape } = at(inputs)
      const kept = [...shape.slice(0, -1), k]
      return give(
        [
          { dtype, shape: kept },
          { dtype: 'int32', shape: kept },
        ],
        { k, sorted },
      )
    },
  },
  BroadcastTo: { inputs: ['x'], infer: (inputs, { shape }) => give([{ dtype: at(inputs).dtype, shape }]) },
  FusedAdam: {
    inputs: adamInputs,
    infer: (inputs, { beta1, beta2, epsilon, l2, decay }) => {
      const [parameters, , m, v] = inputs.map(({ dtype, shape }) => ({ dtype, shape }))
      const vectors = [parameters, m, v].filter((type) => type !== undefined)
      return give(vectors, { beta1, beta2, epsilon, l2, decay })
    },
  },
  AddN: { inputs: 'list', infer: (inputs) => give([at(inputs)]) },
} as const satisfies Record<string, TracedRule>

function reshaped(x: ValueType, shape: number[]): Inferred {
  const size = x.shape.reduce((product, axis) => product * axis, 1)
  return give([{ dtype: x.dtype, shape: tf.util.inferFromImplicitShape([...shape], size) }])
}

/** Every TF.js kernel that can be traced: its inputs and the types of its outputs. */
export const traced = {
  ...structure,
  Cast: {
    inputs: ['x'],
    infer: (inputs, { dtype }) => give([{ dtype, shape: at(inputs).shape }]),
  },
  // element by element
  Abs: unary(),
  Acos: unary(),
  Acosh: unary(),
  Asin: unary(),
  Asinh: unary(),
  Atan: unary(),
  Atanh: unary(),
  Ceil: unary(),
  Cos: unary(),
  Cosh: unary(),
  Elu: unary(),
  Erf: unary(),
  Exp: unary(),
  Expm1: unary(),
  Floor: unary(),
  Log: unary(),
  Log1p: unary(),
  Neg: unary(),
  Reciprocal: unary(),
  Relu: unary(),
  Relu6: unary(),
  Round: unary(),
  Rsqrt: unary(),
  Selu: unary(),
  Sigmoid: unary(),
  Sign: unary(),
  Sin: unary(),
  Sinh: unary(),
  Softplus: unary(),
  Sqrt: unary(),
  Square: unary(),
  Tan: unary(),
  Tanh: unary(),
  IsNan: unary('bool'),
  IsInf: unary('bool'),
  IsFinite: unary('bool'),
  LogicalNot: unary('bool'),
  Step: unary(undefined, ({ alpha }) => ({ alpha: alpha ?? 0 })),
  LeakyRelu: unary(undefined, ({ alpha }) => ({ alpha })),
  ClipByValue: unary(undefined, ({ clipValueMin, clipValueMax }) => ({ low: clipValueMin, high: clipValueMax })),
  Add: binary(),
  Sub: binary(),
  Multiply: binary(),
  RealDiv: binary(),
  FloorDiv: binary('int32'),
  Mod: binary(),
  Pow: binary(),
  Maximum: binary(),
  Minimum: binary(),
  SquaredDifference: binary(),
  Equal: binary('bool'),
  NotEqual: binary('bool'),
  Greater: binary('bool'),
  GreaterEqual: binary('bool'),
  Less: binary('bool'),
  LessEqual: binary('bool'),
  LogicalAnd: binary('bool'),
  LogicalOr: binary('bool'),
  EluGrad: { inputs: ['dy', 'y'], infer: (inputs) => give([at(inputs)]) },
  Prelu: { inputs: ['x', 'alpha'], infer: (inputs) => give([at(inputs)]) },
  // along axes
  Sum: reduction(summed),
  Prod: reduction(summed),
  Mean: reduction(() => 'float32'),
  Max: reduction(undefined, 'reductionIndices'),
  Min: reduction(),
  All: reduction(),
  Any: reduction(),
  ArgMax: argument,
  ArgMin: argument,
  Softmax: along('logits', 'dim'),
  LogSoftmax: along('logits', 'axis'),
  Cumsum: cumulative,
  Cumprod: cumulative,
} as const satisfies Record<string, TracedRule>

export type TracedKernel = keyof typeof traced
/** What a trace holds: kernels, and recurrences that are kept as such: by what a step computes, or as an operator of ONNX's. */
export type TracedOp = TracedKernel | 'Scan' | 'Layer'
const isTraced = (name: string): name is TracedKernel => Object.hasOwn(traced, name)
export const tracedKernels: readonly TracedKernel[] = Object.keys(traced).filter(isTraced)

/**
 * Kernels that only make numbers: they become constants. The type is that of the value, the number fills it; `range` is
 * its step where it is not one number throughout.
 */
export const makers: Readonly<Record<string, (like: ValueType | undefined, attrs: RawAttributes) => Made>> = {
  Fill: (_, { shape, value, dtype }) => ({ type: { dtype: dtype ?? 'float32', shape }, first: Number(value), step: 0 }),
  ZerosLike: (like) => ({ type: likeOf(like), first: 0, step: 0 }),
  OnesLike: (like) => ({ type: likeOf(like), first: 1, step: 0 }),
  Range: (_, { start, stop, step, dtype = 'float32' }) => {
    const empty = start === stop || (start < stop && step < 0) || (stop < start && step > 1)
    const count = empty ? 0 : Math.abs(Math.ceil((stop - start) / step))
    return { type: { dtype, shape: [count] }, first: start, step: start > stop && step === 1 ? -1 : step }
  },
  LinSpace: (_, { start, stop, num }) => ({
    type: { dtype: 'float32', shape: [num] },
    first: start,
    step: num > 1 ? (stop - start) / (num - 1) : 0,
  }),
}

export interface Made {
  readonly type: ValueType
  readonly first: number
  readonly step: number
}

function likeOf(like: ValueType | undefined): ValueType {
  if (like === undefined) throw new RangeError('The kernel has no input')
  return like
}

/** The rule of a kernel, its type widened from the table's own. */
export function tracedRule(kernel: TracedKernel): TracedRule {
  return traced[kernel]
}
