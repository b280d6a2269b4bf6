import { type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, tf } from '../../core/tf.js'
import { mapTree } from '../../core/tree.js'
import type { CellStep, Columns, Named } from './types.js'

/** [B,T,N] -> the series [T*B,N]. */
export function timeMajor(xs: Tensor3D): Tensor2D {
  const [batch, steps, size] = xs.shape
  return tf.reshape(tf.transpose(xs, [1, 0, 2]), [steps * batch, size])
}

/** The series [T*B,N] -> [B,T,N]. */
export function batchMajor(series: Tensor2D, steps: number): Tensor3D {
  const [rows, size] = series.shape
  return tf.transpose(tf.reshape(series, [steps, rows / steps, size]), [1, 0, 2]) as Tensor3D
}

/** A series [T*B,N] -> its steps [B,N]. */
export function stepsOf(series: Tensor2D, steps: number): Tensor2D[] {
  return steps === 1 ? [series] : tf.split(series, steps, 0)
}

/** Steps [B,N] -> the series [T*B,N]. */
export function seriesOf(steps: readonly Tensor2D[]): Tensor2D {
  return steps.length === 1 ? (steps[0] as Tensor2D) : (tf.concat([...steps], 0) as Tensor2D)
}

/** The hidden states that steps started from, as a series [T*B,H]. */
export function hiddenBefore(steps: readonly CellStep[]): Tensor2D {
  return seriesOf(steps.map(({ before }) => before.h as Tensor2D))
}

/** The same [B,N] at every step, as a series. */
export function repeated(matrix: Tensor2D, steps: number): Tensor2D {
  return seriesOf(Array.from({ length: steps }, () => matrix))
}

/** Tensors by name, in order. */
export function named(names: readonly string[], tensors: readonly Tensor[]): Named {
  return Object.fromEntries(names.map((name, index) => [name, tensors[index] as Tensor2D]))
}

/** The steps' matrices of each name as one series. */
export function namedSeries(steps: readonly Named[]): Named {
  return mapTree(steps[0] ?? {}, (_, name) => seriesOf(steps.map((step) => step[name] as Tensor2D))) as Named
}

/** Series of each name -> for each step, its matrices. */
export function namedSteps(series: Named, steps: number): Named[] {
  const split = Object.entries(series).map(([name, whole]) => [name, stepsOf(whole, steps)] as const)
  return Array.from({ length: steps }, (_, t) =>
    Object.fromEntries(split.map(([name, parts]) => [name, parts[t] as Tensor2D])),
  )
}

/** The sum of what is there. */
export function addAll(...terms: readonly (Tensor2D | undefined)[]): Tensor2D {
  const given = terms.filter((term) => term !== undefined)
  return given.reduce((sum, term) => tf.add(sum, term) as Tensor2D)
}

/** Sum over rows: the gradient of a bias. */
export function sumRows(series: Tensor2D | Columns): Tensor {
  return tf.concat(partsOf(series).map((part) => tf.sum(part, 0) as Tensor1D))
}

/** aᵀ b, [N,I] and [N,O] -> [I,O]: the gradient of a kernel out of a series of inputs and of gradients. */
export function productOverRows(a: Tensor2D, b: Tensor2D | Columns): Tensor2D {
  return beside(...partsOf(b).map((part): Tensor2D => tf.matMul(a, part, true, false)))
}

/** g wᵀ: the gradient of what a kernel was applied to. */
export function through(gradient: Tensor2D | Columns, kernel: Tensor2D): Tensor2D {
  const parts = partsOf(gradient)
  const kernels = columnsLike(kernel, parts)
  return addAll(...parts.map((part, index): Tensor2D => tf.matMul(part, kernels[index] as Tensor2D, false, true)))
}

function partsOf(columns: Tensor2D | Columns): Columns {
  return columns instanceof tf.Tensor ? [columns] : columns
}

/** A matrix's columns, cut where those of `parts` are. */
function columnsLike(matrix: Tensor2D, parts: Columns): Columns {
  if (parts.length === 1) return [matrix]
  return tf.split(
    matrix,
    parts.map((part) => part.shape[1]),
    1,
  )
}

/** The steps' columns as series. */
export function columnSeries(steps: readonly Columns[]): Columns {
  return (steps[0] ?? []).map((_, part) => seriesOf(steps.map((columns) => columns[part] as Tensor2D)))
}

/** Matrices side by side. */
export function beside(...parts: readonly Tensor2D[]): Tensor2D {
  return tf.concat([...parts], 1)
}

/** s (1 - s), the slope of the logistic function at its value s. */
export function logisticSlope(value: Tensor2D): Tensor2D {
  return tf.sub(value, tf.square(value)) as Tensor2D
}

/** 1 - t², the slope of tanh at its value t. */
export function tanhSlope(value: Tensor2D): Tensor2D {
  return tf.sub(1, tf.square(value)) as Tensor2D
}

/**
 * A function with its gradient written out. `backward` gets the inputs and what `forward` kept; nothing else of the
 * forward pass is there any more. All tensors float32.
 */
export function withGradient<T extends Tensor>(
  inputs: readonly Tensor[],
  forward: () => { readonly value: T; readonly kept: readonly Tensor[] },
  backward: (gradient: T, inputs: readonly Tensor[], kept: readonly Tensor[]) => readonly Tensor[],
): T {
  const custom = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void
    const { value, kept } = forward()
    save([...inputs, ...kept])
    const gradFunc = (dy: Tensor, saved: Tensor[]) => [
      ...backward(dy as T, saved.slice(0, inputs.length), saved.slice(inputs.length)),
    ]
    return { value, gradFunc }
  })
  return custom(...inputs) as T
}
