import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import { dense, denseParameters } from '../maps/dense.js'
import type { ParameterSpec, Params } from '../types.js'

/** The layer that scores each target symbol. */
export interface OutputLayer {
  readonly parameters: Tree<ParameterSpec>
  /** The whole model's parameters, x [N,R] -> logits [N,V]. */
  logits(params: Params, x: Tensor2D): Tensor2D
}

/**
 * logits = x W + b, under `head`. Tied: W is the transposed target embedding, `target/table` [V,E] (Press & Wolf 2017,
 * Using the Output Embedding to Improve Language Models), and only b is the layer's own.
 */
export function buildOutput(size: number, vocabulary: number, tied: boolean): OutputLayer {
  if (!tied) {
    return {
      parameters: denseParameters(size, vocabulary),
      logits: (params, x) => dense(subtree(params, 'head'), x),
    }
  }
  return {
    parameters: { bias: { shape: [vocabulary], init: { type: 'zeros' }, decay: false } },
    logits: (params, x) => {
      const table = tensor<Tensor2D>(subtree(params, 'target'), 'table')
      return tf.add(tf.matMul(x, table, false, true), tensor(subtree(params, 'head'), 'bias'))
    },
  }
}
