import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import { tf } from '../../core/tf.js'
import type { Scorer } from '../types.js'
import { productFast } from './product.fast.js'
import { innerProducts, refuseUnequal } from './shared.js'

export const scaledDot: Scorer<typeof noOptions, Static<typeof noOptions>> = {
  name: 'scaled-dot',
  summary: 'The inner product over the square root of the size, which keeps its spread at any size.',
  equations: ['e_ts = q_tᵀ k_s / √D'],
  symbols: {
    q_t: ['Q'],
    k_s: ['D'],
  },
  source: {
    paper: 'Vaswani et al. 2017, Attention Is All You Need',
    equation: '(1)',
    url: 'https://arxiv.org/abs/1706.03762',
  },
  options: noOptions,
  parameters: () => ({}),
  refuse: (_, sizes) => refuseUnequal('scaled-dot', sizes),
  /** keys [B,S,D] -> k / √D: once a source instead of once a step. */
  prepare: (_, __, keys) => tf.mul(keys, 1 / Math.sqrt(keys.shape[2])),
  /** query [B,D], prepared keys [B,S,D] -> [B,S]. */
  score: (_, __, query, keys) => innerProducts(query, keys),
  fast: productFast,
}
