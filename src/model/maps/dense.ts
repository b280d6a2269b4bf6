import { add, matMul } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import { glorot, type Matrix, type ParamsOf, type Vector, zeroBias } from '../parameters.js'

/** A kernel [I,O] and a bias [O]. */
export type DenseParameters = { readonly kernel: Matrix; readonly bias: Vector }

/** kernel [I,O] (Glorot) and bias [O] (zeros). */
export function denseParameters(input: Axis, output: Axis): DenseParameters {
  return { kernel: glorot([input, output]), bias: zeroBias(output) }
}

/** x W + b: x [N,I] -> [N,O]. */
export function dense({ kernel, bias }: ParamsOf<DenseParameters>, x: Tensor2D): Tensor2D {
  return add(matMul(x, kernel), bias)
}
