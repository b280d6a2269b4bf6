import Type from 'typebox'
import { mul, sub } from '../../core/ops.js'
import { l2, learningRate, withL2 } from './shared.js'
import { defineOptimizer, optimizer } from './types.js'

export const sgd = defineOptimizer({
  name: 'sgd',
  summary: 'Plain stochastic gradient descent.',
  equations: ['θ ← θ − η g'],
  source: { paper: 'Robbins & Monro 1951, A Stochastic Approximation Method' },
  options: Type.Object({ learningRate: learningRate(0.1), weightDecay: l2 }),
  build: ({ weightDecay }) =>
    optimizer({
      init: () => ({}),
      update: (gradient, slots, parameters, context) => ({
        parameters: sub(parameters, mul(withL2(weightDecay, gradient, parameters, context), context.learningRate)),
        slots,
      }),
    }),
})
