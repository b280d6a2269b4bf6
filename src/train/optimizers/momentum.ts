import Type, { type Static } from 'typebox'
import { tf } from '../../core/tf.js'
import { leaf } from '../../core/tree.js'
import type { Optimizer } from '../parts.js'
import { l2, learningRate, share, withL2 } from './shared.js'

const options = Type.Object({
  learningRate: learningRate(0.1),
  momentum: share('How much of the last velocity is kept.', 0.9),
  nesterov: Type.Boolean({
    default: false,
    description: 'Whether the step looks ahead along the velocity (Nesterov).',
  }),
  weightDecay: l2,
})

export const momentum: Optimizer<typeof options, Static<typeof options>> = {
  name: 'momentum',
  summary: 'Steps along a velocity that remembers earlier gradients.',
  equations: ['v ← μ v + g', 'θ ← θ − η v', 'θ ← θ − η (g + μ v)   (nesterov)'],
  source: {
    paper: 'Sutskever et al. 2013, On the Importance of Initialization and Momentum in Deep Learning',
    equation: '(1)-(4), with the learning rate outside the velocity, as PyTorch has it',
  },
  options,
  init: (_, n) => ({ v: { dtype: 'float32', shape: [n] } }),
  update: ({ momentum: mu, nesterov, weightDecay }, gradient, slots, parameters, context) => {
    const g = withL2(weightDecay, gradient, parameters, context)
    const v = tf.add(tf.mul(leaf(slots, 'v'), mu), g)
    const direction = nesterov ? tf.add(g, tf.mul(v, mu)) : v
    return { parameters: tf.sub(parameters, tf.mul(direction, context.learningRate)), slots: { v } }
  },
}
