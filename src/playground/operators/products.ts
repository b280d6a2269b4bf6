import { broadcastShape, countOf, expanded, type Numbers, stridesOf, type Value } from '../tensor.js'
import { input, numberIn, type Operator } from './operator.js'

/** A matrix in a vector: element (row, column) is at start + row rowStride + column columnStride. */
interface Matrix {
  readonly data: Numbers
  readonly start: number
  readonly rowStride: number
  readonly columnStride: number
}

/** out [rows, columns] from `at` on = a [rows, inner] b [inner, columns] + what is there; sums are float64. */
function multiply(
  out: Numbers,
  at: number,
  [rows, inner, columns]: readonly [number, number, number],
  a: Matrix,
  b: Matrix,
): void {
  const sums = new Float64Array(columns)
  const left = new Float64Array(inner)
  for (let row = 0; row < rows; row++) {
    const first = at + row * columns
    for (let k = 0; k < inner; k++) left[k] = a.data[a.start + row * a.rowStride + k * a.columnStride] ?? 0
    for (let column = 0; column < columns; column++) sums[column] = out[first + column] ?? 0
    if (b.columnStride === 1) addRows(sums, left, b)
    else addDots(sums, left, b)
    out.set(sums, first)
  }
}

/** sums += left b, four rows of b at a time. */
function addRows(sums: Float64Array, left: Float64Array, { data, start, rowStride }: Matrix): void {
  const columns = sums.length
  let k = 0
  for (; k + 3 < left.length; k += 4) {
    const [w, x, y, z] = [left[k] ?? 0, left[k + 1] ?? 0, left[k + 2] ?? 0, left[k + 3] ?? 0]
    const [i, j] = [start + k * rowStride, start + (k + 1) * rowStride]
    const [m, n] = [j + rowStride, j + 2 * rowStride]
    for (let c = 0; c < columns; c++) {
      sums[c] =
        (sums[c] ?? 0) +
        w * (data[i + c] ?? 0) +
        x * (data[j + c] ?? 0) +
        y * (data[m + c] ?? 0) +
        z * (data[n + c] ?? 0)
    }
  }
  for (; k < left.length; k++) {
    const [x, i] = [left[k] ?? 0, start + k * rowStride]
    for (let c = 0; c < columns; c++) sums[c] = (sums[c] ?? 0) + x * (data[i + c] ?? 0)
  }
}

function addDots(sums: Float64Array, left: Float64Array, { data, start, rowStride, columnStride }: Matrix): void {
  for (let c = 0; c < sums.length; c++) {
    const from = start + c * columnStride
    let sum = sums[c] ?? 0
    for (let k = 0; k < left.length; k++) sum += (left[k] ?? 0) * (data[from + k * rowStride] ?? 0)
    sums[c] = sum
  }
}

/** The last two axes of a tensor, from a place on; turned where `turned`. */
function matrixAt({ data, shape }: Value, start: number, turned = false): Matrix {
  const width = shape.at(-1) ?? 1
  return turned
    ? { data, start, rowStride: 1, columnStride: width }
    : { data, start, rowStride: width, columnStride: 1 }
}

/** a b + c; `transA` and `transB` turn a and b. */
const gemm: Operator = (inputs, attributes) => {
  const [a, b] = [input(inputs), input(inputs, 1)]
  const [turnA, turnB] = [numberIn(attributes, 'transA', 0) === 1, numberIn(attributes, 'transB', 0) === 1]
  const rows = a.shape[turnA ? 1 : 0] ?? 1
  const inner = a.shape[turnA ? 0 : 1] ?? 1
  const columns = b.shape[turnB ? 0 : 1] ?? 1
  const shape = [rows, columns]
  const added = inputs[2]
  const data = added === undefined ? new Float32Array(rows * columns) : expanded(added, shape).data.slice()
  multiply(data, 0, [rows, inner, columns], matrixAt(a, 0, turnA), matrixAt(b, 0, turnB))
  return [{ shape, data }]
}

/** Products of the matrices in the last two axes; the axes before are broadcast. */
const matMul: Operator = (inputs) => {
  const [a, b] = [input(inputs), input(inputs, 1)]
  const [rows, inner] = a.shape.slice(-2)
  const columns = b.shape.at(-1) ?? 1
  const size = [rows ?? 1, inner ?? 1, columns] as const
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const starts = (value: Value) => {
    const axes = value.shape.slice(0, -2)
    const numbers = { shape: axes, data: Int32Array.from({ length: countOf(axes) }, (_, at) => at) }
    return expanded(numbers, batch).data.map((at) => at * (stridesOf(value.shape)[axes.length - 1] ?? 0))
  }
  const [left, right] = [starts(a), starts(b)]
  const data = new Float32Array(countOf(batch) * size[0] * columns)
  for (let at = 0; at < left.length; at++) {
    multiply(data, at * size[0] * columns, size, matrixAt(a, left[at] ?? 0), matrixAt(b, right[at] ?? 0))
  }
  return [{ shape: [...batch, size[0], columns], data }]
}

export const products: Readonly<Record<string, Operator>> = { Gemm: gemm, MatMul: matMul }
