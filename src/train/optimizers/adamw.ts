import Type, { type Static } from 'typebox'
import type { Optimizer } from '../parts.js'
import { adamUpdate, momentSlots, moments } from './adam.js'

const options = Type.Object({
  ...moments,
  weightDecay: Type.Number({
    minimum: 0,
    default: 0.01,
    description: 'λ: weights shrink by η λ at every step, apart from the gradient; biases and gains are left alone.',
  }),
})

export const adamw: Optimizer<typeof options, Static<typeof options>> = {
  name: 'adamw',
  summary: 'Adam with weight decay apart from the gradient.',
  equations: ['θ ← (1 − η λ) θ', "then Adam's step"],
  source: {
    paper: 'Loshchilov & Hutter 2019, Decoupled Weight Decay Regularization',
    equation: 'algorithm 2, with λ scaled by the learning rate, as PyTorch has it',
    url: 'https://arxiv.org/abs/1711.05101',
  },
  options,
  init: (_, n) => momentSlots(n),
  update: (chosen, gradient, slots, parameters, context) =>
    adamUpdate(chosen, { l2: 0, decay: chosen.weightDecay }, gradient, slots, parameters, context),
}
