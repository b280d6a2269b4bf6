import type { Node, ValueType } from '../../src/engine/compiled/ir.js'
import type { TracedKernel } from '../../src/engine/compiled/kernels.js'
import { type Array64, build, spread, stridesOf, view } from './array64.js'
import {
  arg,
  binary,
  block,
  concat,
  cumulative,
  exact,
  gather,
  gatherNd,
  is,
  type Kernel64,
  list,
  matMul,
  mean,
  pack,
  pad,
  permuted,
  reduction,
  reshape,
  scatterNd,
  segmentSum,
  softmax,
  split,
  test,
  topK,
  unary,
  unpack,
} from './forms64.js'

/** Runs one traced node. Throws for a kernel that no model has used so far: add it below. */
export function run64(
  { op, attrs }: Node<TracedKernel>,
  inputs: readonly Array64[],
  outputs: readonly ValueType[],
): readonly Array64[] {
  const kernel = kernels[op]
  if (kernel === undefined) throw new RangeError(`The float64 interpreter has no ${op}`)
  return kernel(inputs, attrs, outputs)
}

const kernels: Partial<Record<TracedKernel, Kernel64>> = {
  // element by element
  Abs: unary(Math.abs),
  Cast: ([x], _, [output]) => [{ shape: is(x).shape, data: cast(is(x).data, is(output).dtype) }],
  ClipByValue: unary((x, { low, high }) => Math.min(Math.max(x, low as number), high as number)),
  Cos: unary(Math.cos),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  Log: unary(Math.log),
  Log1p: unary(Math.log1p),
  LogicalNot: unary((x) => 1 - x),
  Neg: unary((x) => -x),
  Reciprocal: unary((x) => 1 / x),
  Relu: unary((x) => Math.max(0, x)),
  Rsqrt: unary((x) => 1 / Math.sqrt(x)),
  Sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  Sign: unary(Math.sign),
  Sin: unary(Math.sin),
  Softplus: unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Sqrt: unary(Math.sqrt),
  Square: unary((x) => x * x),
  Step: unary((x, { alpha }) => (x > 0 ? 1 : (alpha as number))),
  Tanh: unary(Math.tanh),
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Multiply: binary((a, b) => a * b),
  RealDiv: binary((a, b) => a / b),
  FloorDiv: binary((a, b) => Math.floor(a / b)),
  Pow: binary((a, b) => a ** b),
  Maximum: binary(Math.max),
  Minimum: binary(Math.min),
  SquaredDifference: binary((a, b) => (a - b) ** 2),
  Equal: test((a, b) => a === b),
  NotEqual: test((a, b) => a !== b),
  Greater: test((a, b) => a > b),
  GreaterEqual: test((a, b) => a >= b),
  Less: test((a, b) => a < b),
  LessEqual: test((a, b) => a <= b),
  LogicalAnd: test((a, b) => a !== 0 && b !== 0),
  LogicalOr: test((a, b) => a !== 0 || b !== 0),
  AddN: (inputs) => {
    const { shape, data } = is(inputs[0])
    return [{ shape, data: data.map((_, i) => inputs.reduce((sum, x) => sum + (x.data[i] as number), 0)) }]
  },
  Select: ([condition, t, e], _, [output]) => {
    const { shape } = is(output)
    // A condition of rank 1 chooses whole rows.
    const rows = is(condition).shape.length === 1 && shape.length > 1
    const perRow = shape.map((size, axis) => (axis === 0 ? size : 1))
    const chosen = spread(rows ? { shape: perRow, data: is(condition).data } : is(condition), shape).data
    const [yes, no] = [spread(is(t), shape).data, spread(is(e), shape).data]
    return [{ shape, data: chosen.map((choice, i) => (choice === 0 ? no[i] : yes[i]) as number) }]
  },
  // along axes
  Sum: reduction(0, (a, b) => a + b),
  Prod: reduction(1, (a, b) => a * b),
  Max: reduction(Number.NEGATIVE_INFINITY, Math.max),
  Min: reduction(Number.POSITIVE_INFINITY, Math.min),
  Mean: mean,
  All: reduction(1, (a, b) => (a !== 0 && b !== 0 ? 1 : 0)),
  Any: reduction(0, (a, b) => (a !== 0 || b !== 0 ? 1 : 0)),
  ArgMax: arg((a, b) => a > b),
  ArgMin: arg((a, b) => a < b),
  Softmax: softmax(false),
  LogSoftmax: softmax(true),
  Cumsum: cumulative(0, (a, b) => a + b),
  Cumprod: cumulative(1, (a, b) => a * b),
  TopK: topK,
  // products and places
  BatchMatMul: matMul,
  Reshape: reshape,
  ExpandDims: reshape,
  Transpose: ([x], { perm }) => [permuted(is(x), list(perm))],
  Concat: concat,
  Pack: pack,
  Unpack: unpack,
  SplitV: split,
  Slice: ([x], { begin }, [output]) => [block(is(x), list(begin), is(output).shape)],
  PadV2: pad,
  Tile: ([x], _, [output]) => [
    build(is(output).shape, (at) =>
      exact(
        is(x),
        at.map((index, axis) => index % (is(x).shape[axis] ?? 1)),
      ),
    ),
  ],
  BroadcastTo: ([x], _, [output]) => [spread(is(x), is(output).shape)],
  Reverse: ([x], { axes }) => [reversed(is(x), list(axes))],
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  UnsortedSegmentSum: segmentSum,
  OneHot: ([indices], { depth, onValue, offValue }, [output]) => [
    build(is(output).shape, (at) =>
      exact(is(indices), at.slice(0, -1)) === at[at.length - 1] && (depth as number) > 0
        ? (onValue as number)
        : (offValue as number),
    ),
  ],
}

function reversed(x: Array64, axes: readonly number[]): Array64 {
  const strides = stridesOf(x.shape)
  const last = axes.reduce((sum, axis) => sum + ((x.shape[axis] as number) - 1) * (strides[axis] as number), 0)
  const signed = strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride))
  return view(x, x.shape, signed, last)
}

function cast(data: Float64Array, dtype: ValueType['dtype']): Float64Array {
  if (dtype === 'bool') return data.map((value) => (value === 0 ? 0 : 1))
  return dtype === 'float32' ? data : data.map(Math.trunc)
}
