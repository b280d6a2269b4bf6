import Type from 'typebox'
import { add, div, mul, sqrt, square, sub } from '../../core/ops.js'
import { epsilon, l2, learningRate, withL2 } from './shared.js'
import { defineOptimizer, optimizer, slot } from './types.js'

export const adagrad = defineOptimizer({
  name: 'adagrad',
  summary: 'Steps scaled down by the sum of all squared gradients so far.',
  equations: ['s ← s + g²', 'θ ← θ − η g / (√s + ε)'],
  source: {
    paper: 'Duchi et al. 2011, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization',
    url: 'https://jmlr.org/papers/v12/duchi11a.html',
  },
  options: Type.Object({
    learningRate: learningRate(0.01),
    initial: Type.Number({ minimum: 0, default: 0, description: 'Initial value of the sum of squared gradients.' }),
    epsilon: epsilon(1e-10),
    weightDecay: l2,
  }),
  build: ({ initial, epsilon, weightDecay }) =>
    optimizer({
      init: (n) => ({ s: slot(n, initial) }),
      update: (gradient, slots, parameters, context) => {
        const g = withL2(weightDecay, gradient, parameters, context)
        const s = add(slots.s, square(g))
        const change = div(mul(g, context.learningRate), add(sqrt(s), epsilon))
        return { parameters: sub(parameters, change), slots: { s } }
      },
    }),
})
