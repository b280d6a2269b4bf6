import Type, { type Static } from 'typebox'
import { tf } from '../../core/tf.js'
import type { Optimizer } from '../parts.js'
import { l2, learningRate, withL2 } from './shared.js'

const options = Type.Object({ learningRate: learningRate(0.1), weightDecay: l2 })

export const sgd: Optimizer<typeof options, Static<typeof options>> = {
  name: 'sgd',
  summary: 'A plain step against the gradient.',
  equations: ['θ ← θ − η g'],
  source: { paper: 'Robbins & Monro 1951, A Stochastic Approximation Method' },
  options,
  init: () => ({}),
  update: ({ weightDecay }, gradient, slots, parameters, context) => ({
    parameters: tf.sub(parameters, tf.mul(withL2(weightDecay, gradient, parameters, context), context.learningRate)),
    slots,
  }),
}
