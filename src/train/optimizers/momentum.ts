import Type from 'typebox'
import { add, mul, sub } from '../../core/ops.js'
import { decayRate, l2, learningRate, withL2 } from './shared.js'
import { defineOptimizer, optimizer, slot } from './types.js'

export const momentum = defineOptimizer({
  name: 'momentum',
  summary: 'Gradient descent with momentum, optionally Nesterov.',
  equations: ['v ← μ v + g', 'θ ← θ − η v', 'θ ← θ − η (g + μ v)   (nesterov)'],
  source: {
    paper: 'Sutskever et al. 2013, On the Importance of Initialization and Momentum in Deep Learning',
    equation: '(1)-(4), with the learning rate outside the velocity, as PyTorch has it',
  },
  options: Type.Object({
    learningRate: learningRate(0.1),
    momentum: decayRate('Momentum μ: the part of the previous velocity that is kept.', 0.9),
    nesterov: Type.Boolean({ default: false, description: 'Whether to use Nesterov momentum.' }),
    weightDecay: l2,
  }),
  build: ({ momentum: mu, nesterov, weightDecay }) =>
    optimizer({
      init: (n) => ({ v: slot(n) }),
      update: (gradient, slots, parameters, context) => {
        const g = withL2(weightDecay, gradient, parameters, context)
        const v = add(mul(slots.v, mu), g)
        const direction = nesterov ? add(g, mul(v, mu)) : v
        return { parameters: sub(parameters, mul(direction, context.learningRate)), slots: { v } }
      },
    }),
})
