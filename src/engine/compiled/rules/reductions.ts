import type { ElementType } from '../ir.js'
import { input, only, type Rule } from './rule.js'

/** ONNX reductions; booleans are counted as integers first. No axes at all leaves the tensor as it is. */
const reduce =
  (op: string): Rule =>
  ({ emit, inputs, attrs, types }) => {
    const { dtype, shape } = only(types)
    const x = emit.cast(input(inputs), dtype)
    if (attrs.axes.length === 0) return [emit.map('Identity', x)]
    const keepdims = attrs.keepDims ? 1 : 0
    return [emit.op(op, [x, emit.longs(attrs.axes)], { dtype, shape }, { keepdims })]
  }

/** All and Any: the smallest and the largest of 0 and 1. */
const truth =
  (op: string): Rule =>
  ({ emit, inputs, attrs, types }) => {
    const x = emit.cast(input(inputs), 'int32')
    const { shape } = only(types)
    if (attrs.axes.length === 0) return [emit.cast(x, 'bool')]
    const keepdims = attrs.keepDims ? 1 : 0
    return [emit.cast(emit.op(op, [x, emit.longs(attrs.axes)], { dtype: 'int32', shape }, { keepdims }), 'bool')]
  }

const argument =
  (op: string): Rule =>
  ({ emit, inputs, attrs, types }) => {
    const { shape } = only(types)
    const result = emit.op(op, [input(inputs)], { dtype: 'int64', shape }, { axis: attrs.axis, keepdims: 0 })
    return [emit.cast(result, 'int32')]
  }

const along =
  (op: string): Rule =>
  ({ emit, inputs, attrs, types }) => [emit.op(op, [input(inputs)], only(types), { axis: attrs.axis })]

/** ONNX has no cumulative product: one multiplication a place along the axis (only the gradient of prod uses it). */
const cumulativeProduct: Rule = ({ emit, inputs, attrs, types }) => {
  const { dtype, shape } = only(types)
  const count = shape[attrs.axis] ?? 1
  const item = { dtype, shape: shape.map((size, axis) => (axis === attrs.axis ? 1 : size)) }
  const ones = emit.longs(Array(count).fill(1))
  const whole = input(inputs)
  const parts = count === 1 ? [whole] : emit.ops('Split', [whole, ones], Array(count).fill(item), { axis: attrs.axis })
  const ordered = attrs.reverse ? parts.slice().reverse() : parts
  let product = emit.fill(item, 1)
  const products = ordered.map((part) => {
    const before = product
    product = emit.op('Mul', [product, part], item)
    return attrs.exclusive ? before : product
  })
  const back = attrs.reverse ? products.reverse() : products
  return [count === 1 ? emit.map('Identity', input(back)) : emit.op('Concat', back, only(types), { axis: attrs.axis })]
}

export const reductions = {
  Sum: reduce('ReduceSum'),
  Prod: reduce('ReduceProd'),
  Mean: reduce('ReduceMean'),
  Max: reduce('ReduceMax'),
  Min: reduce('ReduceMin'),
  All: truth('ReduceMin'),
  Any: truth('ReduceMax'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  Softmax: along('Softmax'),
  LogSoftmax: along('LogSoftmax'),
  Cumsum: ({ emit, inputs, attrs, types }) => [
    emit.op('CumSum', [input(inputs), emit.scalar('int64', attrs.axis)], only(types), {
      exclusive: attrs.exclusive ? 1 : 0,
      reverse: attrs.reverse ? 1 : 0,
    }),
  ],
  Cumprod: cumulativeProduct,
  TopK: ({ emit, inputs, attrs, types }) => {
    const [values, places] = types
    if (values === undefined || places === undefined) throw new RangeError('TopK has two outputs')
    const long: ElementType = 'int64'
    const sorted = attrs.sorted ? 1 : 0
    const result = emit.ops('TopK', [input(inputs), emit.longs([attrs.k])], [values, { ...places, dtype: long }], {
      axis: -1,
      largest: 1,
      sorted,
    })
    return [input(result), emit.cast(input(result, 1), 'int32')]
  },
} as const satisfies Record<string, Rule>
