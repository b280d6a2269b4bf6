import { broadcastShape, countOf, expanded, type Numbers, type Value, zerosLike } from '../tensor.js'
import { input, numberIn, type Operator } from './operator.js'

/** float32, element by element. */
const unary: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs,
  Acos: Math.acos,
  Acosh: Math.acosh,
  Asin: Math.asin,
  Asinh: Math.asinh,
  Atan: Math.atan,
  Atanh: Math.atanh,
  Ceil: Math.ceil,
  Cos: Math.cos,
  Cosh: Math.cosh,
  Elu: (x) => (x < 0 ? Math.expm1(x) : x),
  Erf: erf,
  Exp: Math.exp,
  Floor: Math.floor,
  Identity: (x) => x,
  Log: Math.log,
  Neg: (x) => -x,
  Reciprocal: (x) => 1 / x,
  Relu: (x) => Math.max(x, 0),
  Round: roundToEven,
  Selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Sign: Math.sign,
  Sin: Math.sin,
  Sinh: Math.sinh,
  Softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  Sqrt: Math.sqrt,
  Tan: Math.tan,
  Tanh: Math.tanh,
}

/** Of two tensors, the smaller of which is broadcast; of whole numbers the result is cut to a whole one. */
const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  PRelu: (a, b) => (a < 0 ? a * b : a),
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
  Sum: (a, b) => a + b,
}

const tests: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  And: (a, b) => a !== 0 && b !== 0,
  Or: (a, b) => a !== 0 || b !== 0,
  Equal: (a, b) => a === b,
  Greater: (a, b) => a > b,
  GreaterOrEqual: (a, b) => a >= b,
  Less: (a, b) => a < b,
  LessOrEqual: (a, b) => a <= b,
}

const checks: Readonly<Record<string, (x: number) => boolean>> = {
  IsNaN: Number.isNaN,
  IsInf: (x) => Math.abs(x) === Number.POSITIVE_INFINITY,
  Not: (x) => x === 0,
}

function mapped(table: Readonly<Record<string, (x: number) => number | boolean>>, whole: boolean) {
  return entries(table, ([x]): Value => {
    return { shape: x.shape, data: whole ? new Int32Array(x.data.length) : zerosLike(x.data, x.data.length) }
  })
}

function entries(
  table: Readonly<Record<string, (x: number) => number | boolean>>,
  outFor: (inputs: readonly [Value]) => Value,
): Record<string, Operator> {
  return Object.fromEntries(
    Object.entries(table).map(([name, compute]): [string, Operator] => [
      name,
      (inputs) => {
        const x = input(inputs)
        const out = outFor([x])
        for (let at = 0; at < x.data.length; at++) out.data[at] = Number(compute(x.data[at] ?? 0))
        return [out]
      },
    ]),
  )
}

/** One after the other where there are more than two. */
function joined(table: Readonly<Record<string, (a: number, b: number) => number | boolean>>, whole: boolean) {
  return Object.fromEntries(
    Object.entries(table).map(([name, compute]): [string, Operator] => [
      name,
      ([first, ...others]) => [others.reduce((a, b) => combined(a, b, compute, whole), input(first ? [first] : []))],
    ]),
  )
}

function combined(a: Value, b: Value, compute: (a: number, b: number) => number | boolean, whole: boolean): Value {
  const shape = broadcastShape(a.shape, b.shape)
  const count = countOf(shape)
  // What is as long, or repeats along the first axes, needs no copy.
  const [left, right] = [repeating(a, shape, count), repeating(b, shape, count)]
  const data: Numbers = whole ? new Int32Array(count) : zerosLike(a.data, count)
  const [m, n] = [left.length, right.length]
  let [i, j] = [0, 0]
  for (let at = 0; at < count; at++) {
    data[at] = Number(compute(left[i] ?? 0, right[j] ?? 0))
    if (++i === m) i = 0
    if (++j === n) j = 0
  }
  return { shape, data }
}

function repeating(value: Value, shape: readonly number[], count: number): Numbers {
  const { data } = value
  if (data.length === count || data.length === 1) return data
  const own = value.shape.slice(value.shape.findIndex((size) => size !== 1))
  return own.every((size, axis) => size === shape[shape.length - own.length + axis])
    ? data
    : expanded(value, shape).data
}

/** (a mod b) with the sign of b; with `fmod` that of a. */
const modulo: Operator = (inputs, attributes) => {
  const truncated = numberIn(attributes, 'fmod', 0) === 1
  const compute = (a: number, b: number) => (truncated ? a % b : ((a % b) + b) % b)
  return [combined(input(inputs), input(inputs, 1), compute, false)]
}

export const elementwise: Readonly<Record<string, Operator>> = {
  ...mapped(unary, false),
  ...mapped(checks, true),
  ...joined(binary, false),
  ...joined(tests, true),
  Mod: modulo,
  LeakyRelu: (inputs, attributes) => {
    const { shape, data } = input(inputs)
    const alpha = numberIn(attributes, 'alpha', 0.01)
    return [{ shape, data: data.map((x) => (x < 0 ? alpha * x : x)) }]
  },
  Clip: (inputs) => {
    const [{ shape, data }, low, high] = [input(inputs), inputs[1]?.data[0], inputs[2]?.data[0]]
    const [least, most] = [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY]
    return [{ shape, data: data.map((x) => Math.min(most, Math.max(least, x))) }]
  },
  Where: (inputs) => {
    const [condition, yes, no] = [input(inputs), input(inputs, 1), input(inputs, 2)]
    const shape = broadcastShape(broadcastShape(condition.shape, yes.shape), no.shape)
    const [test, then, other] = [expanded(condition, shape).data, expanded(yes, shape).data, expanded(no, shape).data]
    return [{ shape, data: then.map((x: number, at: number) => (test[at] !== 0 ? x : (other[at] ?? 0))) }]
  },
  /** Element types: 1 float32, 6 int32, 7 int64, 9 bool. */
  Cast: (inputs, { to }) => {
    const { shape, data } = input(inputs)
    if (to === 1) return [{ shape, data: data instanceof Float32Array ? data : Float32Array.from(data) }]
    return [{ shape, data: Int32Array.from(data, to === 9 ? (x) => Number(x !== 0) : (x) => x) }]
  },
}

/** Half goes to the even neighbour. */
function roundToEven(x: number): number {
  const below = Math.floor(x)
  if (x - below !== 0.5) return Math.round(x)
  return below % 2 === 0 ? below : below + 1
}

/** Abramowitz and Stegun 1964, 7.1.26: within 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
  return Math.sign(x) * (1 - sum * Math.exp(-x * x))
}
