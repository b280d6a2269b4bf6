import { div, maximum, mul, sqrt, square, sub, sum } from '../../core/ops.js'
import { noOptions } from '../../core/part.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import { seriesOf } from '../gradients/series.js'
import { outerSum, weightedKeys } from './product.js'
import { innerProducts, refuseUnequal } from './shared.js'
import { defineScorer, scorer } from './types.js'

/** Below this squared length a vector counts as this long, so that a zero vector scores 0. */
const SMALLEST = 1e-12

export const cosine = defineScorer({
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
  refuse: (_, sizes) => refuseUnequal('cosine', sizes),
  build: () =>
    scorer({
      parameters: {},
      /** keys [B,S,D] -> the same of length 1. */
      prepare: (_, keys) => div(keys, lengthOf(keys)),
      /** query [B,D], prepared keys [B,S,D] -> [B,S], each in [−1, 1]. */
      score: (_, query, keys) => {
        const length = lengthOf(query)
        const unit = div(query, length)
        return { scores: innerProducts(unit, keys), residuals: { unit, length } }
      },
      backward: {
        uses: [],
        /** With q̂ = q / ‖q‖ and g = Σ_s de_s k_s: dq = (g − q̂ (q̂ᵀ g)) / ‖q‖. */
        step: (_, keys, { unit, length }, gradient) => {
          const whole = weightedKeys(gradient, keys)
          const along = sum(mul(unit, whole), 1, true)
          return { query: div(sub(whole, mul(unit, along)), length), extras: {} }
        },
        parameters: (_, { steps }) => ({
          keys: outerSum(steps, seriesOf(steps.map(({ residuals }) => residuals.unit))),
          params: {},
        }),
      },
    }),
})

/** ‖x‖ over the last axis, kept as an axis of size 1. */
function lengthOf<T extends Tensor2D | Tensor3D>(x: T): T {
  return sqrt(maximum(sum(square(x), -1, true), SMALLEST))
}
