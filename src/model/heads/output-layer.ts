import { add, matMul } from '../../core/ops.js'
import type { Tensor1D, Tensor2D } from '../../core/tf.js'

/** The layer that scores each symbol: logits = x W + b, or x Wᵀ + b where W is a tied embedding's table. */
export interface OutputLayer {
  /** W [R,V], or [V,R] where it is to be transposed. */
  readonly kernel: Tensor2D
  /** b [V]. */
  readonly bias: Tensor1D
  readonly transposed: boolean
}

/** x [N,R] float32 -> [N,V]. */
export function logitsOf({ kernel, bias, transposed }: OutputLayer, x: Tensor2D): Tensor2D {
  return add(matMul(x, kernel, false, transposed), bias)
}

/**
 * The transposed target embedding as kernel (Press & Wolf 2017, Using the Output Embedding to Improve Language Models).
 * Throws RangeError where the rows have no table.
 */
export function tiedLayer(bias: Tensor1D, { table }: { readonly table?: Tensor2D }): OutputLayer {
  if (table === undefined) throw new RangeError('A tied output layer needs the target embedding')
  return { kernel: table, bias, transposed: true }
}
