import { broadcastShape, countOf, expanded, type Numbers, stridesOf, type Value } from '../tensor.js'
import { input, numberIn, type Operator } from './operator.js'

type AnyNumbers = Numbers | Float64Array

/** A matrix in a vector: element (row, column) is at start + row rowStride + column columnStride. */
export interface Matrix {
  readonly data: AnyNumbers
  readonly start: number
  readonly rowStride: number
  readonly columnStride: number
}

/** out [rows, columns] from `at` on = a [rows, inner] b [inner, columns] + what is there; sums are float64. */
export function multiply(
  out: AnyNumbers,
  at: number,
  [rows, inner, columns]: readonly [number, number, number],
  a: Matrix,
  b: Matrix,
): void {
  const sums = new Float64Array(columns)
  const left = new Float64Array(inner)
  const add = b.columnStride === 1 ? addRows : addDots
  for (let row = 0; row < rows; row++) {
    const first = at + row * columns
    for (let k = 0; k < inner; k++) left[k] = a.data[a.start + row * a.rowStride + k * a.columnStride] ?? 0
    for (let column = 0; column < columns; column++) sums[column] = out[first + column] ?? 0
    add(sums, left, b)
    out.set(sums, first)
  }
}

/** sums += left b, four rows of b at a time. */
function addRows(sums: Float64Array, left: Float64Array, { data, start, rowStride }: Matrix): void {
  const [columns, whole] = [sums.length, left.length & ~3]
  for (let k = 0; k < whole; k += 4) {
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
  for (let k = whole; k < left.length; k++) {
    const [x, i] = [left[k] ?? 0, start + k * rowStride]
    for (let c = 0; c < columns; c++) sums[c] = (sums[c] ?? 0) + x * (data[i + c] ?? 0)
  }
}

/** sums += left b, four columns of b at a time: sums of their own, none of which waits for another. */
function addDots(sums: Float64Array, left: Float64Array, { data, start, rowStride, columnStride }: Matrix): void {
  const whole = sums.length & ~3
  for (let c = 0; c < whole; c += 4) {
    let [w, x, y, z] = [sums[c] ?? 0, sums[c + 1] ?? 0, sums[c + 2] ?? 0, sums[c + 3] ?? 0]
    let i = start + c * columnStride
    let [j, m, n] = [i + columnStride, i + 2 * columnStride, i + 3 * columnStride]
    for (let k = 0; k < left.length; k++) {
      const each = left[k] ?? 0
      w += each * (data[i] ?? 0)
      x += each * (data[j] ?? 0)
      y += each * (data[m] ?? 0)
      z += each * (data[n] ?? 0)
      i += rowStride
      j += rowStride
      m += rowStride
      n += rowStride
    }
    sums[c] = w
    sums[c + 1] = x
    sums[c + 2] = y
    sums[c + 3] = z
  }
  for (let c = whole; c < sums.length; c++) {
    let sum = sums[c] ?? 0
    for (let k = 0; k < left.length; k++) sum += (left[k] ?? 0) * (data[start + c * columnStride + k * rowStride] ?? 0)
    sums[c] = sum
  }
}

/** The last two axes of a tensor, from a place on; turned where `turned`. */
export function matrixAt(
  { data, shape }: { readonly data: AnyNumbers; readonly shape: readonly number[] },
  start = 0,
  turned = false,
): Matrix {
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
