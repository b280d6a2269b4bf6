import { noOptions } from '../../core/part.js'
import { glorot } from '../parameters.js'
import { productBackward, scoreProduct } from './product.js'
import { denseSteps } from './shared.js'
import { defineScorer, scorer } from './types.js'

export const general = defineScorer({
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
  build: (_, { query, key }) =>
    scorer({
      parameters: { kernel: glorot([key, query]) },
      /** keys [B,S,D] -> W k, [B,S,Q]: once a source instead of once a step. */
      prepare: (p, keys) => denseSteps(keys, p.kernel),
      score: (_, query, keys) => scoreProduct(query, keys),
      backward: productBackward,
    }),
})
