import { expandDims, matMul, squeeze } from '../../core/ops.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import { batchMajor, seriesOf } from '../gradients/series.js'
import { innerProducts } from './shared.js'

// e_s = qᵀ k_s, which dot, scaled-dot and general have in common: what differs is in the prepared keys.

type Nothing = Readonly<Record<never, never>>

/** query [B,K], prepared keys [B,S,K] -> [B,S]. */
export function scoreProduct(query: Tensor2D, keys: Tensor3D): { scores: Tensor2D; residuals: Nothing } {
  return { scores: innerProducts(query, keys), residuals: {} }
}

/** dq = Σ_s de_s k_s, dk_s = Σ_t de_ts q_t. */
export const productBackward = {
  uses: [],
  step: (_: Nothing, keys: Tensor3D, __: Nothing, gradient: Tensor2D) => ({
    query: weightedKeys(gradient, keys),
    extras: {},
  }),
  parameters: (_: Nothing, { steps, queries }: { steps: readonly { gradient: Tensor2D }[]; queries: Tensor2D }) => ({
    keys: outerSum(steps, queries),
    params: {},
  }),
}

/** weights [B,S] over keys [B,S,K] -> [B,K]. */
export function weightedKeys(weights: Tensor2D, keys: Tensor3D): Tensor2D {
  return squeeze(matMul(expandDims(weights, 1), keys), 1)
}

/** Σ_t de_ts q_t: gradients [B,S] of T steps, queries [T*B,K] -> [B,S,K]. */
export function outerSum(steps: readonly { readonly gradient: Tensor2D }[], queries: Tensor2D): Tensor3D {
  const gradients = seriesOf(steps.map(({ gradient }) => gradient))
  return matMul(batchMajor(gradients, steps.length), batchMajor(queries, steps.length), true, false)
}
