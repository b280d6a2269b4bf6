import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import { type Tensor, tf } from '../../core/tf.js'
import type { Normaliser } from './types.js'

export const sparsemax: Normaliser<typeof noOptions, Static<typeof noOptions>> = {
  name: 'sparsemax',
  summary: 'The nearest point of the probability simplex: weak scores get exactly nothing.',
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
  normalise: (_, scores) => withGradient(scores),
}

/** The gradient by (14): g − the mean of g over the support, inside the support. */
function withGradient(scores: Tensor): Tensor {
  const alignment = project(scores)
  const custom = tf.customGrad((...args) => {
    const save = args[1] as unknown as (tensors: Tensor[]) => void
    save([alignment])
    const gradFunc = (dy: Tensor, [saved]: Tensor[]) => {
      const support = tf.cast(tf.greater(saved as Tensor, 0), 'float32')
      const count = tf.maximum(tf.sum(support, -1, true), 1)
      const mean = tf.div(tf.sum(tf.mul(dy, support), -1, true), count)
      return tf.mul(support, tf.sub(dy, mean))
    }
    return { value: tf.clone(alignment), gradFunc }
  })
  return custom(scores)
}

/** scores [...,S] -> max(e − τ, 0). Without a real step nothing is supported, and all is 0. */
function project(scores: Tensor): Tensor {
  const own = tf.expandDims(scores, -1)
  const others = tf.expandDims(scores, -2)
  const reaches = tf.cast(tf.greaterEqual(others, own), 'float32')
  const count = tf.sum(reaches, -1)
  const total = tf.sum(tf.mul(reaches, others), -1)
  const support = tf.cast(tf.greater(tf.add(tf.mul(count, scores), 1), total), 'float32')
  const supported = tf.maximum(tf.sum(support, -1, true), 1)
  const threshold = tf.div(tf.sub(tf.sum(tf.mul(support, scores), -1, true), 1), supported)
  return tf.mul(support, tf.relu(tf.sub(scores, threshold)))
}
