import { at } from '../../core/lists.js'
import { add, concat, matMul, reshape, split, splitSizes, square, sub, sum, transpose } from '../../core/ops.js'
import { type Tensor1D, type Tensor2D, type Tensor3D, tf } from '../../core/tf.js'
import { leaf } from '../../core/tree.js'
import type { Columns, Matrices } from './types.js'

/** [B,T,N] -> the series [T*B,N]. */
export function timeMajor(xs: Tensor3D): Tensor2D {
  const [batch, steps, size] = xs.shape
  return reshape(transpose(xs, [1, 0, 2]), [steps * batch, size])
}

/** The series [T*B,N] -> [B,T,N]. */
export function batchMajor(series: Tensor2D, steps: number): Tensor3D {
  const [rows, size] = series.shape
  return transpose(reshape(series, [steps, rows / steps, size]), [1, 0, 2])
}

/** A series [T*B,N] -> its steps [B,N]; [T*B,M,N] -> [B,M,N]. */
export function stepsOf<T extends Tensor2D | Tensor3D>(series: T, steps: number): readonly T[] {
  return steps === 1 ? [series] : split(series, steps, 0)
}

/** Steps [B,N] -> the series [T*B,N]. */
export function seriesOf(steps: readonly Tensor2D[]): Tensor2D {
  return steps.length === 1 ? at(steps, 0) : concat(steps, 0)
}

/** The hidden states that steps started from, as a series [T*B,H]. */
export function hiddenBefore(steps: readonly { readonly before: { readonly h: Tensor2D } }[]): Tensor2D {
  return seriesOf(steps.map(({ before }) => before.h))
}

/** The same [B,N] at every step, as a series. */
export function repeated(matrix: Tensor2D, steps: number): Tensor2D {
  return seriesOf(Array.from({ length: steps }, () => matrix))
}

/** Matrices by name, in order. */
export function byName(names: readonly string[], matrices: readonly Tensor2D[]): Matrices {
  return Object.fromEntries(names.map((name, index) => [name, at(matrices, index)]))
}

/** Another matrix in the place of each. */
export function mapMatrices(matrices: Matrices, change: (matrix: Tensor2D, name: string) => Tensor2D): Matrices {
  return Object.fromEntries(Object.entries(matrices).map(([name, matrix]) => [name, change(matrix, name)]))
}

/** The steps' matrices of each name as one series. */
export function seriesByName(steps: readonly Matrices[]): Matrices {
  return mapMatrices(steps[0] ?? {}, (_, name) => seriesOf(steps.map((step) => leaf(step, name))))
}

/** Series of each name -> for each step, its matrices. */
export function stepsByName(series: Matrices, steps: number): readonly Matrices[] {
  const split = Object.entries(series).map(([name, whole]) => [name, stepsOf(whole, steps)] as const)
  return Array.from({ length: steps }, (_, t) => Object.fromEntries(split.map(([name, parts]) => [name, at(parts, t)])))
}

/** The sum of those that are there. Throws RangeError where none is. */
export function addAll(...terms: readonly (Tensor2D | undefined)[]): Tensor2D {
  return terms.filter((term) => term !== undefined).reduce((sum, term) => add(sum, term))
}

/** Sum over rows: the gradient of a bias. */
export function sumRows(series: Tensor2D | Columns): Tensor1D {
  return concat(
    partsOf(series).map((part) => sum(part, 0)),
    0,
  )
}

/** aᵀ b, [N,I] and [N,O] -> [I,O]: the gradient of a kernel out of a series of inputs and of gradients. */
export function productOverRows(a: Tensor2D, b: Tensor2D | Columns): Tensor2D {
  return concatColumns(...partsOf(b).map((part) => matMul(a, part, true, false)))
}

/** g wᵀ: the gradient of what a kernel was applied to. */
export function backpropInput(gradient: Tensor2D | Columns, kernel: Tensor2D): Tensor2D {
  const parts = partsOf(gradient)
  const kernels = columnsLike(kernel, parts)
  return addAll(...parts.map((part, index) => matMul(part, at(kernels, index), false, true)))
}

function partsOf(columns: Tensor2D | Columns): Columns {
  return columns instanceof tf.Tensor ? [columns] : columns
}

/** A matrix's columns, cut where those of `parts` are. */
function columnsLike(matrix: Tensor2D, parts: Columns): Columns {
  if (parts.length === 1) return [matrix]
  const widths = parts.map((part) => part.shape[1])
  return splitSizes(matrix, widths, 1)
}

/** The steps' columns as series. */
export function columnSeries(steps: readonly Columns[]): Columns {
  return (steps[0] ?? []).map((_, part) => seriesOf(steps.map((columns) => at(columns, part))))
}

/** Matrices side by side. */
export function concatColumns(...parts: readonly Tensor2D[]): Tensor2D {
  return concat(parts, 1)
}

/** s (1 - s), the slope of the logistic function at its value s. */
export function sigmoidSlope(value: Tensor2D): Tensor2D {
  return sub(value, square(value))
}

/** 1 - t², the slope of tanh at its value t. */
export function tanhSlope(value: Tensor2D): Tensor2D {
  return sub(1, square(value))
}
