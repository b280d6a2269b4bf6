import { type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, tf } from '../../src/core/tf.js'
import type { TracedKernel } from '../../src/engine/compiled/kernels.js'
import { type AdamSettings, fusedAdam } from '../../src/engine/fused-adam.js'

/** What the cases work on: x, y [A,B,C] floats, positive p, w [C,D], ids [A] in [0,B), mask [A,B,C] of 0 and 1. */
export interface Given {
  readonly x: Tensor3D
  readonly y: Tensor3D
  readonly positive: Tensor3D
  readonly unit: Tensor3D
  readonly w: Tensor2D
  readonly ids: Tensor1D
  readonly mask: Tensor3D
  readonly whole: Tensor3D
}

type Case = (given: Given) => Tensor | Tensor[]

const yes = (mask: Tensor) => tf.greater(mask, 0.5)

/** A use of each kernel that can be traced: a kernel without one is a type error. */
export const cases: Record<TracedKernel, Case> = {
  BatchMatMul: ({ x, y, w }) => [
    tf.matMul(tf.reshape(x, [-1, w.shape[0]]) as Tensor2D, w),
    tf.matMul(x, y, false, true),
    tf.matMul(x, y, true, false),
    tf.matMul(tf.matMul(x, y, true, false), x, true, true),
    tf.matMul(w, w, true, false),
    tf.matMul(w, tf.slice(w, [0, 0], [1, w.shape[1]]), false, true),
  ],
  Reshape: ({ x }) => [tf.reshape(x, [-1]), tf.squeeze(tf.slice(x, [0, 0, 0], [1, -1, -1]), [0])],
  ExpandDims: ({ x }) => [tf.expandDims(x, 0), tf.expandDims(x, -1), tf.expandDims(x, 2)],
  Transpose: ({ x }) => [tf.transpose(x), tf.transpose(x, [0, 2, 1]), tf.transpose(x, [1, 0, 2])],
  Concat: ({ x, y }) => [tf.concat([x, y], 0), tf.concat([x, y, x], -1)],
  Pack: ({ x, y }) => [tf.stack([x, y], 0), tf.stack([x, y], 3), tf.stack([x, y], 1)],
  Unpack: ({ x }) => [...tf.unstack(x, 0), ...tf.unstack(x, 2)],
  SplitV: ({ x }) => [...tf.split(tf.concat([x, x], 1), 2, 1), ...tf.split(x, [1, x.shape[2] - 1], 2)],
  Slice: ({ x }) => [tf.slice(x, [0, 1, 0], [-1, 1, 1]), tf.slice(x, [0, 0, 0], x.shape), tf.slice(x, 1)],
  StridedSlice: ({ x }) => [
    tf.stridedSlice(x, [0, 0, 0], x.shape, [1, 2, 1]),
    tf.stridedSlice(x, [-1, 0, 0], [0, 2, 1], [-1, 1, 1], 0, 0b001),
    tf.stridedSlice(x, [0, 1, 0], [1, 2, 1], [1, 1, 1], 0, 0, 0, 0, 0b010),
  ],
  PadV2: ({ x }) => [
    tf.pad(x, [
      [1, 0],
      [0, 2],
      [1, 1],
    ]),
    tf.pad(
      x,
      [
        [0, 0],
        [0, 1],
        [0, 0],
      ],
      -3,
    ),
  ],
  Tile: ({ x }) => tf.tile(x, [2, 1, 3]),
  BroadcastTo: ({ x }) => tf.broadcastTo(tf.slice(x, [0, 0, 0], [1, -1, 1]), x.shape),
  Reverse: ({ x }) => [tf.reverse(x, 1), tf.reverse(x, [0, 2]), tf.reverse(x, [])],
  GatherV2: ({ x, ids }) => [
    tf.gather(tf.transpose(x, [1, 0, 2]), ids),
    tf.gather(x, tf.reshape(ids, [-1, 1]) as Tensor2D, 1),
    tf.gather(x, tf.reshape(ids, [-1, 1]) as Tensor2D, 1, 1),
    tf.gather(tf.sum(x, 2), tf.reshape(ids, [-1, 1]) as Tensor2D, 1, 1),
  ],
  GatherNd: ({ x, ids }) => tf.gatherND(x, tf.stack([tf.range(0, ids.shape[0], 1, 'int32'), ids], 1)),
  ScatterNd: ({ x, ids }) => [
    tf.scatterND(tf.expandDims(ids, 1), tf.sum(x, 1), [x.shape[1], x.shape[2]]),
    tf.scatterND(tf.stack([ids, ids], 1), tf.sum(x, [1, 2]), [x.shape[1], x.shape[1]]),
  ],
  // TF.js's CPU kernel writes into its first input: it is given a copy.
  TensorScatterUpdate: ({ x }) =>
    tf.tensorScatterUpdate(tf.add(x, 0), tf.tensor2d([[0, 1]], [1, 2], 'int32'), tf.ones([1, x.shape[2]])),
  UnsortedSegmentSum: ({ x, ids }) => [
    tf.unsortedSegmentSum(x, ids, x.shape[1]),
    tf.unsortedSegmentSum(tf.sum(x, [1, 2]) as Tensor1D, ids, x.shape[1] + 2),
  ],
  OneHot: ({ ids, x }) => [tf.oneHot(ids, x.shape[1]), tf.oneHot(ids, x.shape[1], 0.9, 0.1, 'float32')],
  Select: ({ x, y, mask }) => [tf.where(yes(mask), x, y), tf.where(yes(mask), x, tf.scalar(-1e9) as Tensor)],
  AddN: ({ x, y, mask }) => tf.addN([x, y, mask]),
  Cast: ({ x, mask }) => [tf.cast(tf.mul(x, 3), 'int32'), tf.cast(yes(mask), 'float32'), tf.cast(mask, 'bool')],
  Abs: ({ x }) => tf.abs(x),
  Acos: ({ unit }) => tf.acos(unit),
  Acosh: ({ positive }) => tf.acosh(tf.add(positive, 1)),
  Asin: ({ unit }) => tf.asin(unit),
  Asinh: ({ x }) => tf.asinh(x),
  Atan: ({ x }) => tf.atan(x),
  Atanh: ({ unit }) => tf.atanh(unit),
  Ceil: ({ x }) => tf.ceil(x),
  Cos: ({ x }) => tf.cos(x),
  Cosh: ({ x }) => tf.cosh(x),
  Elu: ({ x }) => tf.elu(x),
  Erf: ({ x }) => tf.erf(x),
  Exp: ({ x }) => tf.exp(x),
  Expm1: ({ x }) => tf.expm1(x),
  Floor: ({ x }) => tf.floor(x),
  Log: ({ positive }) => tf.log(positive),
  Log1p: ({ positive }) => tf.log1p(positive),
  Neg: ({ x, whole }) => [tf.neg(x), tf.neg(whole)],
  Reciprocal: ({ positive }) => tf.reciprocal(positive),
  Relu: ({ x }) => tf.relu(x),
  Relu6: ({ x }) => tf.relu6(tf.mul(x, 8)),
  Round: ({ x }) => [tf.round(tf.mul(x, 5)), tf.round(tf.tensor1d([0.5, 1.5, 2.5, -0.5]))],
  Rsqrt: ({ positive }) => tf.rsqrt(positive),
  Selu: ({ x }) => tf.selu(x),
  Sigmoid: ({ x }) => tf.sigmoid(x),
  Sign: ({ x, mask }) => tf.sign(tf.mul(x, mask)),
  Sin: ({ x }) => tf.sin(x),
  Sinh: ({ x }) => tf.sinh(x),
  Softplus: ({ x }) => tf.softplus(tf.mul(x, 10)),
  Sqrt: ({ positive }) => tf.sqrt(positive),
  Square: ({ x }) => tf.square(x),
  Tan: ({ unit }) => tf.tan(unit),
  Tanh: ({ x }) => tf.tanh(x),
  IsNan: ({ x, mask }) => tf.isNaN(tf.div(tf.mul(x, mask), mask)),
  IsInf: ({ mask }) => tf.isInf(tf.div(1, mask)),
  IsFinite: ({ x, mask }) => tf.isFinite(tf.div(x, mask)),
  LogicalNot: ({ mask }) => tf.logicalNot(yes(mask)),
  Step: ({ x }) => [tf.step(x), tf.step(x, 0.3)],
  LeakyRelu: ({ x }) => tf.leakyRelu(x, 0.1),
  ClipByValue: ({ x }) => tf.clipByValue(x, -0.5, 0.25),
  Add: ({ x, y, whole }) => [tf.add(x, y), tf.add(x, tf.sum(y, [0, 1])), tf.add(whole, 2)],
  Sub: ({ x, y, whole }) => [tf.sub(x, y), tf.sub(1, x), tf.sub(whole, whole)],
  Multiply: ({ x, y, whole }) => [tf.mul(x, y), tf.mul(tf.sum(x, 2, true), y), tf.mul(whole, whole)],
  RealDiv: ({ x, positive }) => [tf.div(x, positive), tf.div(1, positive)],
  FloorDiv: ({ x, positive, whole }) => [tf.floorDiv(x, positive), tf.floorDiv(whole, tf.scalar(3, 'int32'))],
  Mod: ({ x, positive, whole }) => [tf.mod(x, positive), tf.mod(whole, tf.scalar(-3, 'int32'))],
  Pow: ({ x, positive, y }) => [tf.pow(positive, y), tf.pow(x, tf.scalar(3))],
  Maximum: ({ x, y, whole }) => [tf.maximum(x, y), tf.maximum(whole, tf.scalar(0, 'int32'))],
  Minimum: ({ x, y }) => tf.minimum(x, y),
  SquaredDifference: ({ x, y }) => tf.squaredDifference(x, tf.sum(y, 0)),
  Equal: ({ mask, whole }) => [tf.equal(mask, 1), tf.equal(whole, whole), tf.equal(yes(mask), yes(mask))],
  NotEqual: ({ mask, whole }) => [tf.notEqual(mask, 1), tf.notEqual(whole, tf.scalar(1, 'int32'))],
  Greater: ({ x, y, whole }) => [tf.greater(x, y), tf.greater(whole, tf.scalar(1, 'int32'))],
  GreaterEqual: ({ x, y, mask }) => [tf.greaterEqual(x, y), tf.greaterEqual(mask, 1)],
  Less: ({ x, y }) => tf.less(x, y),
  LessEqual: ({ x, mask }) => [tf.lessEqual(x, 0), tf.lessEqual(mask, 0)],
  LogicalAnd: ({ x, mask }) => tf.logicalAnd(yes(mask), yes(x)),
  LogicalOr: ({ x, mask }) => [tf.logicalOr(yes(mask), yes(x)), tf.logicalXor(yes(mask), yes(x))],
  // Only gradients use it.
  EluGrad: ({ x }) => tf.grad((z: Tensor) => tf.elu(z))(x),
  Prelu: ({ x }) => tf.prelu(x, tf.fill([1, 1, x.shape[2]], 0.2)),
  Sum: ({ x, mask, whole }) => [
    tf.sum(x),
    tf.sum(x, [0, 2]),
    tf.sum(x, -1, true),
    tf.sum(yes(mask), 1),
    tf.sum(whole, 0),
  ],
  Prod: ({ x }) => [tf.prod(x, 1), tf.prod(x, [0, 2], true)],
  Mean: ({ x, whole }) => [tf.mean(x), tf.mean(x, [1]), tf.mean(whole, 2, true)],
  Max: ({ x, whole }) => [tf.max(x), tf.max(x, 1), tf.max(whole, [0, 2], true)],
  Min: ({ x }) => [tf.min(x), tf.min(x, -1, true)],
  All: ({ mask }) => [tf.all(yes(mask)), tf.all(yes(mask), 2)],
  Any: ({ mask }) => [tf.any(yes(mask), 1, true), tf.any(yes(mask))],
  ArgMax: ({ x }) => [tf.argMax(x, 0), tf.argMax(x, -1)],
  ArgMin: ({ x }) => tf.argMin(x, 1),
  Softmax: ({ x }) => tf.softmax(tf.mul(x, 10)),
  LogSoftmax: ({ x }) => tf.logSoftmax(tf.mul(x, 10)),
  Cumsum: ({ x, mask }) => [tf.cumsum(x, 1), tf.cumsum(x, 2, true), tf.cumsum(tf.cast(mask, 'int32'), 0, false, true)],
  Cumprod: ({ x }) => [tf.cumprod(x, 1), tf.cumprod(x, 2, true, true)],
  TopK: ({ x }) => {
    const two = tf.topk(x, 2)
    return [two.values, two.indices]
  },
  FusedAdam: ({ x, y, positive }) => [
    ...adam(x, y, positive, { l2: 0, decay: 0 }),
    ...adam(x, y, positive, { l2: 0.1, decay: 0.2 }),
  ],
}

function adam(x: Tensor3D, y: Tensor3D, v: Tensor3D, decay: Pick<AdamSettings, 'l2' | 'decay'>): Tensor[] {
  const scalars = { scale: tf.scalar(0.5), learningRate: tf.scalar(0.1), step: tf.scalar(3) }
  const settings = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, ...decay }
  const [theta, gradient, moment] = [x, y, v].map((tensor) => tf.reshape(tensor, [tensor.size])) as [
    Tensor1D,
    Tensor1D,
    Tensor1D,
  ]
  const vectors = { parameters: theta, gradient, m: gradient, v: moment }
  const { parameters, m, v: next } = fusedAdam({ ...vectors, ...scalars }, settings)
  return [parameters, m, next]
}
