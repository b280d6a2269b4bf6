import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import { type Tensor, tf } from '../../core/tf.js'
import type { Scorer } from '../types.js'
import { unitProductFast } from './product.fast.js'
import { innerProducts, refuseUnequal } from './shared.js'

/** Below this squared length a vector counts as this long, so that a zero vector scores 0. */
const SMALLEST = 1e-12

export const cosine: Scorer<typeof noOptions, Static<typeof noOptions>> = {
  name: 'cosine',
  summary: 'The cosine between query and key: their direction alone. A temperature below 1 sharpens it.',
  equations: ['e_ts = q_tᵀ k_s / (‖q_t‖ ‖k_s‖)'],
  symbols: {
    q_t: ['Q'],
    k_s: ['D'],
  },
  source: {
    paper: 'Graves et al. 2014, Neural Turing Machines',
    equation: '(6); the key strength β of (5) is the temperature 1/β',
    url: 'https://arxiv.org/abs/1410.5401',
  },
  options: noOptions,
  parameters: () => ({}),
  refuse: (_, sizes) => refuseUnequal('cosine', sizes),
  /** keys [B,S,D] -> the same of length 1. */
  prepare: (_, __, keys) => unit(keys),
  /** query [B,D], prepared keys [B,S,D] -> [B,S], each in [−1, 1]. */
  score: (_, __, query, keys) => innerProducts(unit(query), keys),
  fast: unitProductFast(SMALLEST),
}

function unit<T extends Tensor>(x: T): T {
  const squared = tf.sum(tf.square(x), -1, true)
  return tf.div(x, tf.sqrt(tf.maximum(squared, SMALLEST))) as T
}
