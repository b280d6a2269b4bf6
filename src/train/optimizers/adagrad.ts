import Type, { type Static } from 'typebox'
import { tf } from '../../core/tf.js'
import { leaf } from '../../core/tree.js'
import type { Optimizer } from '../parts.js'
import { epsilon, l2, learningRate, withL2 } from './shared.js'

const options = Type.Object({
  learningRate: learningRate(0.01),
  initial: Type.Number({ minimum: 0, default: 0, description: 'What the sum of squares starts at.' }),
  epsilon: epsilon(1e-10),
  weightDecay: l2,
})

export const adagrad: Optimizer<typeof options, Static<typeof options>> = {
  name: 'adagrad',
  summary: 'Steps scaled down by the sum of all squared gradients so far.',
  equations: ['s ← s + g²', 'θ ← θ − η g / (√s + ε)'],
  source: {
    paper: 'Duchi et al. 2011, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization',
    url: 'https://jmlr.org/papers/v12/duchi11a.html',
  },
  options,
  init: ({ initial }, n) => ({ s: { dtype: 'float32', shape: [n], initial } }),
  update: (chosen, gradient, slots, parameters, context) => {
    const g = withL2(chosen.weightDecay, gradient, parameters, context)
    const s = tf.add(leaf(slots, 's'), tf.square(g))
    const change = tf.div(tf.mul(g, context.learningRate), tf.add(tf.sqrt(s), chosen.epsilon))
    return { parameters: tf.sub(parameters, change), slots: { s } }
  },
}
