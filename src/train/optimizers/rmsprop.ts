import Type from 'typebox'
import { add, div, mul, sqrt, square, sub } from '../../core/ops.js'
import { decayRate, epsilon, l2, learningRate, withL2 } from './shared.js'
import { defineOptimizer, optimizer, slot } from './types.js'

export const rmsprop = defineOptimizer({
  name: 'rmsprop',
  summary: 'Steps scaled by a running mean of the squared gradient.',
  equations: ['v ← ρ v + (1 − ρ) g²', 'θ ← θ − η g / (√v + ε)'],
  source: {
    paper: 'Tieleman & Hinton 2012, Lecture 6.5 of Neural Networks for Machine Learning',
    url: 'https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf',
  },
  options: Type.Object({
    learningRate: learningRate(0.001),
    decay: decayRate('Decay rate ρ of the mean of squared gradients.', 0.99),
    epsilon: epsilon(1e-8),
    weightDecay: l2,
  }),
  build: ({ decay, epsilon, weightDecay }) =>
    optimizer({
      init: (n) => ({ v: slot(n) }),
      update: (gradient, slots, parameters, context) => {
        const g = withL2(weightDecay, gradient, parameters, context)
        const v = add(mul(slots.v, decay), mul(square(g), 1 - decay))
        const change = div(mul(g, context.learningRate), add(sqrt(v), epsilon))
        return { parameters: sub(parameters, change), slots: { v } }
      },
    }),
})
