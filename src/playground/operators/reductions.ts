import { around, axisOf, countOf, stridesOf, type Value, zerosLike } from '../tensor.js'
import { input, listOf, numberIn, type Operator } from './operator.js'

interface Reduction {
  readonly first: number
  join(sum: number, x: number): number
}

const reductions: Readonly<Record<string, Reduction>> = {
  ReduceSum: { first: 0, join: (sum, x) => sum + x },
  ReduceMean: { first: 0, join: (sum, x) => sum + x },
  ReduceProd: { first: 1, join: (product, x) => product * x },
  ReduceMax: { first: Number.NEGATIVE_INFINITY, join: Math.max },
  ReduceMin: { first: Number.POSITIVE_INFINITY, join: Math.min },
}

/** Over the axes of the second input (all, where there is none), in float64. */
function reduce({ first, join }: Reduction, mean: boolean): Operator {
  return (inputs, attributes) => {
    const x = input(inputs)
    const given = listOf(inputs[1]).map((axis) => axisOf(axis, x))
    const axes = given.length === 0 ? x.shape.map((_, axis) => axis) : given
    const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride))
    const sums = new Float64Array(countOf(kept)).fill(first)
    let at = 0
    const visit = (axis: number, to: number): void => {
      const [size = 1, stride = 0] = [x.shape[axis], strides[axis]]
      for (let n = 0; n < size; n++) {
        const place = to + n * stride
        if (axis < x.shape.length - 1) visit(axis + 1, place)
        else sums[place] = join(sums[place] ?? 0, x.data[at++] ?? 0)
      }
    }
    if (x.data.length > 0) visit(0, 0)
    const data = zerosLike(x.data, sums.length)
    data.set(mean ? sums.map((sum) => (sum * sums.length) / x.data.length) : sums)
    const keeps = numberIn(attributes, 'keepdims', 1) === 1
    return [{ shape: keeps ? kept : x.shape.filter((_, axis) => !axes.includes(axis)), data }]
  }
}

/** Changes every line along an axis: `change` gets it as float64 and may write into it. */
function along(change: (line: Float64Array) => void, defaultAxis = -1): Operator {
  return (inputs, attributes) => {
    const x = input(inputs)
    return [eachLine(x, axisOf(numberIn(attributes, 'axis', defaultAxis), x), change)]
  }
}

function eachLine(x: Value, axis: number, change: (line: Float64Array) => void): Value {
  const [outer, size, inner] = around(x, axis)
  const data = zerosLike(x.data, x.data.length)
  const line = new Float64Array(size)
  for (let block = 0; block < outer * inner; block++) {
    const start = Math.floor(block / inner) * size * inner + (block % inner)
    for (let n = 0; n < size; n++) line[n] = x.data[start + n * inner] ?? 0
    change(line)
    for (let n = 0; n < size; n++) data[start + n * inner] = line[n] ?? 0
  }
  return { shape: x.shape, data }
}

/** e^x without overflow, and their sum. */
function exponentials(line: Float64Array): number {
  const most = line.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  let sum = 0
  line.forEach((x, at) => {
    const power = Math.exp(x - most)
    line[at] = power
    sum += power
  })
  return sum
}

function softmax(line: Float64Array): void {
  const sum = exponentials(line)
  line.set(line.map((power) => power / sum))
}

function logSoftmax(line: Float64Array): void {
  const before = line.slice()
  const most = before.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const shift = most + Math.log(exponentials(line))
  line.set(before.map((x) => x - shift))
}

const cumulative: Operator = (inputs, attributes) => {
  const x = input(inputs)
  const [exclusive, reverse] = [numberIn(attributes, 'exclusive', 0), numberIn(attributes, 'reverse', 0)]
  const sums = (line: Float64Array): void => {
    let sum = 0
    for (let n = 0; n < line.length; n++) {
      const at = reverse === 1 ? line.length - 1 - n : n
      const own = line[at] ?? 0
      line[at] = exclusive === 1 ? sum : sum + own
      sum += own
    }
  }
  return [eachLine(x, axisOf(listOf(inputs[1])[0] ?? 0, x), sums)]
}

/** Where along an axis the first of the best is. */
function argument(better: (x: number, best: number) => boolean): Operator {
  return (inputs, attributes) => {
    const x = input(inputs)
    const axis = axisOf(numberIn(attributes, 'axis', 0), x)
    const [outer, size, inner] = around(x, axis)
    const data = new Int32Array(outer * inner)
    for (let block = 0; block < data.length; block++) {
      const start = Math.floor(block / inner) * size * inner + (block % inner)
      let best = 0
      for (let n = 1; n < size; n++) {
        if (better(x.data[start + n * inner] ?? 0, x.data[start + best * inner] ?? 0)) best = n
      }
      data[block] = best
    }
    const keeps = numberIn(attributes, 'keepdims', 1) === 1
    return [{ shape: x.shape.flatMap((each, at) => (at !== axis ? [each] : keeps ? [1] : [])), data }]
  }
}

/** The k largest of the last axis, the largest first; of equals the first. */
const topK: Operator = (inputs) => {
  const x = input(inputs)
  const [outer, size] = around(x, x.shape.length - 1)
  const k = listOf(inputs[1])[0] ?? 1
  const shape = [...x.shape.slice(0, -1), k]
  const [values, places] = [zerosLike(x.data, outer * k), new Int32Array(outer * k)]
  for (let row = 0; row < outer; row++) {
    const line = [...x.data.subarray(row * size, (row + 1) * size)]
    const order = line.map((_, at) => at).sort((a, b) => (line[b] ?? 0) - (line[a] ?? 0) || a - b)
    order.slice(0, k).forEach((place, at) => {
      places[row * k + at] = place
      values[row * k + at] = line[place] ?? 0
    })
  }
  return [
    { shape, data: values },
    { shape, data: places },
  ]
}

export const reducing: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(
    Object.entries(reductions).map(([name, each]) => [name, reduce(each, name === 'ReduceMean')] as const),
  ),
  Softmax: along(softmax),
  LogSoftmax: along(logSoftmax),
  CumSum: cumulative,
  ArgMax: argument((x, best) => x > best),
  ArgMin: argument((x, best) => x < best),
  TopK: topK,
}
