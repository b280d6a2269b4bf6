import { mul } from '../../core/ops.js'
import { noOptions } from '../../core/part.js'
import { productBackward, scoreProduct } from './product.js'
import { refuseUnequal } from './shared.js'
import { defineScorer, scorer } from './types.js'

export const scaledDot = defineScorer({
  name: 'scaled-dot',
  summary:
    'The inner product divided by the square root of the size, so that its variance does not grow with the size.',
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
  refuse: (_, sizes) => refuseUnequal('scaled-dot', sizes),
  build: (_, { key }) =>
    scorer({
      parameters: {},
      /** keys [B,S,D] -> k / √D: once a source instead of once a step. */
      prepare: (_, keys) => mul(keys, 1 / Math.sqrt(key.size)),
      score: (_, query, keys) => scoreProduct(query, keys),
      backward: productBackward,
    }),
})
