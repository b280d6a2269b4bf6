import { noOptions } from '../../core/part.js'
import { productBackward, scoreProduct } from './product.js'
import { refuseUnequal } from './shared.js'
import { defineScorer, scorer } from './types.js'

export const dot = defineScorer({
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
  refuse: (_, sizes) => refuseUnequal('dot', sizes),
  build: () =>
    scorer({ parameters: {}, score: (_, query, keys) => scoreProduct(query, keys), backward: productBackward }),
})
