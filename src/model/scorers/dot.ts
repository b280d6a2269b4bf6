import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import type { Scorer } from '../types.js'
import { productFast } from './product.fast.js'
import { innerProducts, refuseUnequal } from './shared.js'

export const dot: Scorer<typeof noOptions, Static<typeof noOptions>> = {
  name: 'dot',
  summary: 'The inner product of query and key, which must be of equal size.',
  equations: ['e_ts = q_tᵀ k_s'],
  symbols: {
    q_t: ['Q'],
    k_s: ['D'],
  },
  source: {
    paper: 'Luong et al. 2015, Effective Approaches to Attention-based Neural Machine Translation',
    equation: '(8), dot',
    url: 'https://arxiv.org/abs/1508.04025',
  },
  options: noOptions,
  parameters: () => ({}),
  refuse: (_, sizes) => refuseUnequal('dot', sizes),
  /** query [B,D], keys [B,S,D] -> [B,S]. */
  score: (_, __, query, keys) => innerProducts(query, keys),
  fast: productFast,
}
