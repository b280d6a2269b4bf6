import Type, { type Static } from 'typebox'
import { tensor, tf } from '../../core/tf.js'
import type { Optimizer } from '../types.js'

const options = Type.Object({
  learningRate: Type.Number({
    exclusiveMinimum: 0,
    default: 0.001,
    description: 'Step size at factor 1 of the schedule.',
  }),
  beta1: Type.Number({ minimum: 0, exclusiveMaximum: 1, default: 0.9, description: 'Decay of the mean of gradients.' }),
  beta2: Type.Number({ minimum: 0, exclusiveMaximum: 1, default: 0.999, description: 'Decay of the mean of squares.' }),
  epsilon: Type.Number({ exclusiveMinimum: 0, default: 1e-8, description: 'Keeps the division finite.' }),
})

export const adam: Optimizer<typeof options, Static<typeof options>> = {
  name: 'adam',
  summary: 'Steps scaled by running means of the gradient and of its square.',
  equations: [
    'm ← β₁ m + (1 − β₁) g',
    'v ← β₂ v + (1 − β₂) g²',
    'θ ← θ − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε √(1 − β₂ᵗ))',
  ],
  source: {
    paper: 'Kingma & Ba 2015, Adam: A Method for Stochastic Optimization',
    equation: 'algorithm 1',
    url: 'https://arxiv.org/abs/1412.6980',
  },
  options,
  init: (_, n) => ({ m: { dtype: 'float32', shape: [n] }, v: { dtype: 'float32', shape: [n] } }),
  /**
   * The slots hold M = m / (1 − β₁) and V = v / (1 − β₂), which are the same numbers in two operations less over the
   * whole vector: M ← β₁ M + g, V ← β₂ V + g², and with r = √((1 − β₂ᵗ) / (1 − β₂)):
   * θ ← θ − η (1 − β₁) / (1 − β₁ᵗ) · r · M / (√V + ε r).
   */
  update: ({ beta1, beta2, epsilon }, gradient, slots, parameters, { learningRate, step }) => {
    const m = tf.add(tf.mul(tensor(slots, 'm'), beta1), gradient)
    const v = tf.add(tf.mul(tensor(slots, 'v'), beta2), tf.square(gradient))
    const root = tf.sqrt(tf.div(tf.sub(1, tf.pow(tf.scalar(beta2), step)), 1 - beta2))
    const rate = tf.mul(tf.div(1 - beta1, tf.sub(1, tf.pow(tf.scalar(beta1), step))), tf.mul(learningRate, root))
    const change = tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), tf.mul(root, epsilon)))
    return { parameters: tf.sub(parameters, change), slots: { m, v } }
  },
}
