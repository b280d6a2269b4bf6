import Type, { type Static } from 'typebox'
import { tf } from '../../core/tf.js'
import { leaf } from '../../core/tree.js'
import type { Optimizer } from '../parts.js'
import { epsilon, l2, learningRate, share, withL2 } from './shared.js'

const options = Type.Object({
  learningRate: learningRate(0.001),
  decay: share('Decay of the mean of squares.', 0.99),
  epsilon: epsilon(1e-8),
  weightDecay: l2,
})

export const rmsprop: Optimizer<typeof options, Static<typeof options>> = {
  name: 'rmsprop',
  summary: 'Steps scaled by a running mean of the squared gradient.',
  equations: ['v ← ρ v + (1 − ρ) g²', 'θ ← θ − η g / (√v + ε)'],
  source: {
    paper: 'Tieleman & Hinton 2012, Lecture 6.5 of Neural Networks for Machine Learning',
    url: 'https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf',
  },
  options,
  init: (_, n) => ({ v: { dtype: 'float32', shape: [n] } }),
  update: (chosen, gradient, slots, parameters, context) => {
    const g = withL2(chosen.weightDecay, gradient, parameters, context)
    const v = tf.add(tf.mul(leaf(slots, 'v'), chosen.decay), tf.mul(tf.square(g), 1 - chosen.decay))
    const change = tf.div(tf.mul(g, context.learningRate), tf.add(tf.sqrt(v), chosen.epsilon))
    return { parameters: tf.sub(parameters, change), slots: { v } }
  },
}
