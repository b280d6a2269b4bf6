import { type Tensor1D, type Tensor2D, tensor } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import { denseParameters } from '../maps/dense.js'
import type { ParameterSpec, Params } from '../types.js'
import type { SoftmaxLayer } from './softmax.js'

/** The layer that scores each target symbol. */
export interface OutputLayer {
  readonly parameters: Tree<ParameterSpec>
  /** The layer's part of the whole model's parameters: what x [N,R] goes through to be logits [N,V]. */
  layer(params: Params): SoftmaxLayer
}

/**
 * logits = x W + b, under `head`. Tied: W is the transposed target embedding, `target/table` [V,E] (Press & Wolf 2017,
 * Using the Output Embedding to Improve Language Models), and only b is the layer's own.
 */
export function buildOutput(size: number, vocabulary: number, tied: boolean): OutputLayer {
  if (!tied)
    return { parameters: denseParameters(size, vocabulary), layer: (params) => softmaxLayer(subtree(params, 'head')) }
  return {
    parameters: { bias: { shape: [vocabulary], init: { type: 'zeros' }, decay: false } },
    layer: (params) => ({
      kernel: tensor<Tensor2D>(subtree(params, 'target'), 'table'),
      bias: tensor<Tensor1D>(subtree(params, 'head'), 'bias'),
      turned: true,
    }),
  }
}

/** A dense layer of its own. */
export function softmaxLayer(params: Params): SoftmaxLayer {
  return { kernel: tensor<Tensor2D>(params, 'kernel'), bias: tensor<Tensor1D>(params, 'bias'), turned: false }
}
