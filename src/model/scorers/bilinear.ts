import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import { dense, denseParameters } from '../maps/dense.js'
import type { Scorer } from '../types.js'
import { innerProducts } from './shared.js'

export const bilinear: Scorer<typeof noOptions, Static<typeof noOptions>> = {
  name: 'bilinear',
  summary: 'An inner product through a learned matrix with a bias, which scores keys by themselves too.',
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
  parameters: (_, { query, key }) => denseParameters(query, key),
  /** query [B,Q], keys [B,S,D] -> [B,S]. */
  score: (_, params, query, keys) => innerProducts(dense(params, query), keys),
}
