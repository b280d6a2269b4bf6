import Type from 'typebox'
import { adamOptimizer, momentOptions } from './adam.js'
import { defineOptimizer } from './types.js'

export const adamw = defineOptimizer({
  name: 'adamw',
  summary: 'Adam with decoupled weight decay.',
  equations: ['θ ← (1 − η λ) θ', "then Adam's step"],
  source: {
    paper: 'Loshchilov & Hutter 2019, Decoupled Weight Decay Regularization',
    equation: 'algorithm 2, with λ scaled by the learning rate, as PyTorch has it',
    url: 'https://arxiv.org/abs/1711.05101',
  },
  options: Type.Object({
    ...momentOptions,
    weightDecay: Type.Number({
      minimum: 0,
      default: 0.01,
      description: 'Weight decay λ: weights shrink by η λ at every step; biases and gains do not decay.',
    }),
  }),
  build: ({ weightDecay, ...options }) => adamOptimizer(options, { l2: 0, decay: weightDecay }),
})
