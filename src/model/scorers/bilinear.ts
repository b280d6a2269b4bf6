import { noOptions } from '../../core/part.js'
import { dense, denseParameters } from '../maps/dense.js'
import { scoreProduct } from './product.js'
import { defineScorer, scorer } from './types.js'

export const bilinear = defineScorer({
  name: 'bilinear',
  summary: 'An inner product through a learned matrix with a bias, which adds a score of the key alone.',
  equations: ['e_ts = (W q_t + b)ᵀ k_s = q_tᵀ Wᵀ k_s + bᵀ k_s'],
  symbols: {
    W: ['D', 'Q'],
    b: ['D'],
    q_t: ['Q'],
    k_s: ['D'],
  },
  source: {
    paper: 'Dozat & Manning 2017, Deep Biaffine Attention for Neural Dependency Parsing',
    equation: '(9); a scalar bias is left out, since the same number on every score changes no alignment',
    url: 'https://arxiv.org/abs/1611.01734',
  },
  options: noOptions,
  build: (_, { query, key }) =>
    scorer({
      parameters: denseParameters(query, key),
      /** query [B,Q], keys [B,S,D] -> [B,S]. */
      score: (p, query, keys) => scoreProduct(dense(p, query), keys),
    }),
})
