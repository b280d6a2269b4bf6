import { type Tensor2D, type Tensor3D, tf } from '../../core/tf.js'
import { batchMajor, seriesOf } from '../gradients/series.js'
import type { FastScorer } from '../gradients/types.js'
import { innerProducts } from './shared.js'

/** e_s = qᵀ k_s (dot, scaled-dot, general: what differs is in the keys). dq = Σ_s de_s k_s, dk_s = Σ_t de_ts q_t. */
export const productFast: FastScorer = {
  scoring: () => [],
  score: (_, __, query, keys) => ({ scores: innerProducts(query, keys), kept: [] }),
  back: (_, __, keys, ___, gradient) => ({ query: weighted(gradient, keys), more: {} }),
  gradients: (_, __, ___, steps, { query }) => ({
    keys: outerSum(
      steps.map(({ gradient }) => gradient),
      query,
    ),
    params: [],
  }),
}

/** The same of q̂ = q / ‖q‖: dq = (g − q̂ (q̂ᵀ g)) / ‖q‖ with g = Σ_s de_s k_s. `smallest`: the least ‖q‖². */
export function unitProductFast(smallest: number): FastScorer {
  return {
    scoring: () => [],
    score: (_, __, query, keys) => {
      const length = tf.sqrt(tf.maximum(tf.sum(tf.square(query), 1, true), smallest))
      const unit = tf.div(query, length) as Tensor2D
      return { scores: innerProducts(unit, keys), kept: [unit, length] }
    },
    back: (_, __, keys, [unit, length], gradient) => {
      const direction = unit as Tensor2D
      const whole = weighted(gradient, keys)
      const along = tf.sum(tf.mul(direction, whole), 1, true)
      return { query: tf.div(tf.sub(whole, tf.mul(direction, along)), length as Tensor2D), more: {} }
    },
    gradients: (_, __, ___, steps) => ({
      keys: outerSum(
        steps.map(({ gradient }) => gradient),
        seriesOf(steps.map(({ kept }) => kept[0] as Tensor2D)),
      ),
      params: [],
    }),
  }
}

/** weights [B,S] over keys [B,S,K] -> [B,K]. */
function weighted(weights: Tensor2D, keys: Tensor3D): Tensor2D {
  return tf.squeeze(tf.matMul(tf.expandDims(weights, 1) as Tensor3D, keys), [1])
}

/** Σ_t de_ts q_t: gradients [B,S] of T steps, queries [T*B,K] -> [B,S,K]. */
function outerSum(gradients: readonly Tensor2D[], queries: Tensor2D): Tensor3D {
  const steps = gradients.length
  return tf.matMul(batchMajor(seriesOf(gradients), steps), batchMajor(queries, steps), true, false)
}
