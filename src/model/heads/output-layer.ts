import { add, matMul, matrix } from '../../core/ops.js'
import type { Tensor1D, Tensor2D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import { glorot, type Vector, zeroBias } from '../parameters.js'

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

/** How an output layer is made: its parameters, and the layer out of them. */
export interface OutputLayerBuild {
  /** `kernel` [R,V] and `bias` [V]; of a tied layer the bias alone. */
  readonly parameters: { readonly bias: Vector }
  /** Throws RangeError where a tied layer's rows have no table. */
  layerOf(params: { readonly bias: Tensor1D }, rows: { readonly table?: Tensor2D }): OutputLayer
}

/**
 * An output layer of its own; or, `tied`, with the transposed target embedding as kernel (Press & Wolf 2017, Using the Output
 * Embedding to Improve Language Models).
 */
export function buildOutputLayer(input: Axis, symbols: Axis, tied: boolean): OutputLayerBuild {
  const bias = zeroBias(symbols)
  if (tied) return { parameters: { bias }, layerOf: ({ bias }, { table }) => tiedLayer(bias, table) }
  const own = { kernel: glorot([input, symbols]), bias }
  return {
    parameters: own,
    layerOf: (params) => ({ kernel: matrix(params, 'kernel'), bias: params.bias, transposed: false }),
  }
}

function tiedLayer(bias: Tensor1D, table: Tensor2D | undefined): OutputLayer {
  if (table === undefined) throw new RangeError('A tied output layer needs the target embedding')
  return { kernel: table, bias, transposed: true }
}
