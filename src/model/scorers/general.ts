import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import { type Tensor2D, tensor } from '../../core/tf.js'
import type { Scorer } from '../types.js'
import { productFast } from './product.fast.js'
import { denseSteps, innerProducts } from './shared.js'

export const general: Scorer<typeof noOptions, Static<typeof noOptions>> = {
  name: 'general',
  summary: 'An inner product of query and key through a learned matrix; the sizes may differ.',
  equations: ['e_ts = q_tᵀ (W k_s)'],
  symbols: {
    W: ['Q', 'D'],
    q_t: ['Q'],
    k_s: ['D'],
  },
  source: {
    paper: 'Luong et al. 2015, Effective Approaches to Attention-based Neural Machine Translation',
    equation: '(8), general',
    url: 'https://arxiv.org/abs/1508.04025',
  },
  options: noOptions,
  parameters: (_, { query, key }) => ({ kernel: { shape: [key, query], init: { type: 'glorot' }, decay: true } }),
  /** keys [B,S,D] -> W k, [B,S,Q]: once a source instead of once a step. */
  prepare: (_, params, keys) => denseSteps(keys, tensor<Tensor2D>(params, 'kernel')),
  /** query [B,Q], prepared keys [B,S,Q] -> [B,S]. */
  score: (_, __, query, keys) => innerProducts(query, keys),
  fast: productFast,
}
