import {
  add,
  cast,
  clone,
  div,
  expandDims,
  greater,
  greaterEqual,
  maximum,
  mul,
  relu,
  sub,
  sum,
} from '../../core/ops.js'
import { noOptions } from '../../core/part.js'
import type { Tensor, Tensor2D, Tensor3D } from '../../core/tf.js'
import { withStructuredGradient } from '../gradients/structured.js'
import { defineNormaliser } from './types.js'

export const sparsemax = defineNormaliser({
  name: 'sparsemax',
  summary: 'Projection onto the probability simplex: low scores get a weight of exactly 0.',
  equations: [
    'α = max(e − τ, 0) with τ such that Σ_s α_s = 1',
    'step s is supported where 1 + k_s e_s > Σ_{r: e_r ≥ e_s} e_r, k_s = |{r: e_r ≥ e_s}|',
  ],
  source: {
    paper: 'Martins & Astudillo 2016, From Softmax to Sparsemax',
    equation: '(2), (3), and (14) for the gradient; supports are found by comparing all pairs instead of sorting',
    url: 'https://arxiv.org/abs/1602.02068',
  },
  options: noOptions,
  build: () => ({
    normalise: <T extends Tensor2D | Tensor3D>(scores: T): T => {
      const forward = () => {
        const alignment = nearest(scores)
        return { value: clone(alignment), residuals: { alignment } }
      }
      return withStructuredGradient({ scores }, forward, (gradient: T, _, { alignment }) => ({
        scores: backward(alignment, gradient),
      }))
    },
  }),
})

/** The gradient by (14): g − the mean of g over the support, inside the support. */
function backward<T extends Tensor>(alignment: T, gradient: T): T {
  const support = cast(greater(alignment, 0), 'float32')
  const count = maximum(sum(support, -1, true), 1)
  const average = div(sum(mul(gradient, support), -1, true), count)
  return mul(support, sub(gradient, average))
}

/** scores [...,S] -> max(e − τ, 0). Without a real step nothing is supported, and all is 0. */
function nearest<T extends Tensor2D | Tensor3D>(scores: T): T {
  const { count, total } = atLeast(scores)
  const support = cast(greater(add(mul(scores, count), 1), total), 'float32')
  const supported = maximum(sum(support, -1, true), 1)
  const threshold = div(sub(sum(mul(support, scores), -1, true), 1), supported)
  return mul(support, relu(sub(scores, threshold)))
}

/** Of each score: how many are at least as large, and their sum; [...,S] each. */
function atLeast(scores: Tensor2D | Tensor3D): { readonly count: Tensor; readonly total: Tensor } {
  const others = expandDims<Tensor>(scores, -2)
  const reaches = cast(greaterEqual(others, expandDims<Tensor>(scores, -1)), 'float32')
  return { count: sum(reaches, -1), total: sum(mul(reaches, others), -1) }
}
