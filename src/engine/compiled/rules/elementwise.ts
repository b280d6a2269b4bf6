import type { ElementType } from '../ir.js'
import { input, only, type Rule } from './rule.js'

/** The ONNX operator of the same meaning. */
const same =
  (op: string): Rule =>
  ({ emit, inputs, types }) => [emit.op(op, inputs, only(types))]

/** Operators that ONNX Runtime has for floats only. */
const inFloat =
  (op: string): Rule =>
  ({ emit, inputs, types }) => {
    const floats = inputs.map((value) => emit.cast(value, 'float32'))
    return [emit.cast(emit.op(op, floats, { ...only(types), dtype: 'float32' }), only(types).dtype)]
  }

/** A comparison whose inputs are compared as integers where they are booleans. */
const comparison =
  (op: string, negated = false): Rule =>
  ({ emit, inputs, types }) => {
    const plain = inputs.map((value) => (emit.type(value).dtype === 'bool' ? emit.cast(value, 'int32') : value))
    const compared = emit.op(op, plain, only(types))
    return [negated ? emit.map('Not', compared) : compared]
  }

const logical =
  (op: string): Rule =>
  ({ emit, inputs, types }) => [
    emit.op(
      op,
      inputs.map((value) => emit.cast(value, 'bool')),
      only(types),
    ),
  ]

/** (a mod b + b) mod b: the sign of the divisor, as in TF.js. */
const floorMod: Rule = ({ emit, inputs, types }) => {
  const [a, b] = [input(inputs), input(inputs, 1)]
  const type = only(types)
  if (type.dtype === 'int32') return [emit.op('Mod', [a, b], type)]
  const remainder = emit.op('Mod', [a, b], type, { fmod: 1 })
  return [emit.op('Mod', [emit.op('Add', [remainder, b], type), b], type, { fmod: 1 })]
}

/** int32 whatever its inputs are, as in TF.js. */
const floorDiv: Rule = (call) => {
  const { emit, inputs, types } = call
  const [a, b] = [input(inputs), input(inputs, 1)]
  const type = { ...only(types), dtype: emit.type(a).dtype }
  if (type.dtype !== 'int32') return [emit.cast(emit.map('Floor', emit.op('Div', [a, b], type)), 'int32')]
  const [remainder] = floorMod(call)
  return [emit.op('Div', [emit.op('Sub', [a, input([remainder ?? a])], type), b], type)]
}

const scalarOf = (emit: Parameters<Rule>[0]['emit'], dtype: ElementType, number: number) => emit.scalar(dtype, number)

export const elementwise = {
  Cast: ({ emit, inputs, types }) => {
    const cast = emit.cast(input(inputs), only(types).dtype)
    return [cast === input(inputs) ? emit.map('Identity', cast) : cast]
  },
  Abs: same('Abs'),
  Acos: inFloat('Acos'),
  Acosh: inFloat('Acosh'),
  Asin: inFloat('Asin'),
  Asinh: inFloat('Asinh'),
  Atan: inFloat('Atan'),
  Atanh: inFloat('Atanh'),
  Ceil: inFloat('Ceil'),
  Cos: inFloat('Cos'),
  Cosh: inFloat('Cosh'),
  Elu: inFloat('Elu'),
  Erf: inFloat('Erf'),
  Exp: inFloat('Exp'),
  /** exp(x) - 1: loses digits near 0, where TF.js's CPU backend does not. */
  Expm1: ({ emit, inputs, types }) => [
    emit.op('Sub', [emit.map('Exp', input(inputs)), scalarOf(emit, 'float32', 1)], only(types)),
  ],
  Floor: inFloat('Floor'),
  Log: inFloat('Log'),
  /** log(1 + x): loses digits near 0, where TF.js's CPU backend does not. */
  Log1p: ({ emit, inputs, types }) => [
    emit.map('Log', emit.op('Add', [input(inputs), scalarOf(emit, 'float32', 1)], only(types))),
  ],
  Neg: same('Neg'),
  Reciprocal: inFloat('Reciprocal'),
  Relu: inFloat('Relu'),
  Relu6: ({ emit, inputs, types }) => [
    emit.op('Clip', [input(inputs), scalarOf(emit, 'float32', 0), scalarOf(emit, 'float32', 6)], only(types)),
  ],
  Round: inFloat('Round'),
  Rsqrt: ({ emit, inputs }) => [emit.map('Reciprocal', emit.map('Sqrt', input(inputs)))],
  Selu: inFloat('Selu'),
  Sigmoid: inFloat('Sigmoid'),
  Sign: same('Sign'),
  Sin: inFloat('Sin'),
  Sinh: inFloat('Sinh'),
  Softplus: inFloat('Softplus'),
  Sqrt: inFloat('Sqrt'),
  Square: ({ emit, inputs, types }) => [emit.op('Mul', [input(inputs), input(inputs)], only(types))],
  Tan: inFloat('Tan'),
  Tanh: inFloat('Tanh'),
  IsNan: same('IsNaN'),
  IsInf: same('IsInf'),
  IsFinite: ({ emit, inputs, types }) => {
    const x = input(inputs)
    const either = emit.op('Or', [emit.op('IsNaN', [x], only(types)), emit.op('IsInf', [x], only(types))], only(types))
    return [emit.map('Not', either)]
  },
  LogicalNot: ({ emit, inputs }) => [emit.map('Not', emit.cast(input(inputs), 'bool'))],
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  /** 1 above zero, else alpha; NaN gives alpha, where TF.js's CPU backend keeps it. */
  Step: ({ emit, inputs, attrs, types }) => {
    const { dtype, shape } = only(types)
    const above = emit.op('Greater', [input(inputs), scalarOf(emit, dtype, 0)], { dtype: 'bool', shape })
    if (attrs.alpha === 0) return [emit.cast(above, dtype)]
    return [emit.op('Where', [above, scalarOf(emit, dtype, 1), scalarOf(emit, dtype, attrs.alpha)], only(types))]
  },
  LeakyRelu: ({ emit, inputs, attrs, types }) => [
    emit.op('LeakyRelu', [input(inputs)], only(types), { alpha: attrs.alpha }),
  ],
  Prelu: same('PRelu'),
  ClipByValue: ({ emit, inputs, attrs, types }) => {
    const { dtype } = only(types)
    return [
      emit.op('Clip', [input(inputs), emit.scalar(dtype, attrs.low), emit.scalar(dtype, attrs.high)], only(types)),
    ]
  },
  Add: same('Add'),
  Sub: same('Sub'),
  Multiply: same('Mul'),
  RealDiv: same('Div'),
  FloorDiv: floorDiv,
  Mod: floorMod,
  Pow: same('Pow'),
  Maximum: same('Max'),
  Minimum: same('Min'),
  SquaredDifference: ({ emit, inputs, types }) => {
    const difference = emit.op('Sub', inputs, only(types))
    return [emit.op('Mul', [difference, difference], only(types))]
  },
  Equal: comparison('Equal'),
  NotEqual: comparison('Equal', true),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  /** dy where y >= 0, else dy (y + 1). */
  EluGrad: ({ emit, inputs, types }) => {
    const [dy, y] = [input(inputs), input(inputs, 1)]
    const type = only(types)
    const slope = emit.op(
      'Min',
      [emit.op('Add', [y, scalarOf(emit, 'float32', 1)], type), scalarOf(emit, 'float32', 1)],
      type,
    )
    return [emit.op('Mul', [dy, slope], type)]
  },
  Select: same('Where'),
  AddN: same('Sum'),
} as const satisfies Record<string, Rule>
