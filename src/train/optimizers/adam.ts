import Type from 'typebox'
import { fusedAdam } from '../../engine/fused-adam.js'
import { decayRate, epsilon, l2, learningRate } from './shared.js'
import { defineOptimizer, type Optimizer, optimizer, slot } from './types.js'

export const momentOptions = {
  learningRate: learningRate(0.001),
  beta1: decayRate('Decay rate β₁ of the mean of gradients.', 0.9),
  beta2: decayRate('Decay rate β₂ of the mean of squared gradients.', 0.999),
  epsilon: epsilon(1e-8),
}

interface MomentOptions {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

export const adam = defineOptimizer({
  name: 'adam',
  summary: 'Steps scaled by running means of the gradient and of its square.',
  equations: [
    'm ← β₁ m + (1 − β₁) g',
    'v ← β₂ v + (1 − β₂) g²',
    'θ ← θ − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε √(1 − β₂ᵗ))',
  ],
  source: {
    paper: 'Kingma & Ba 2015, Adam: A Method for Stochastic Optimization',
    equation: 'algorithm 1',
    url: 'https://arxiv.org/abs/1412.6980',
  },
  options: Type.Object({ ...momentOptions, weightDecay: l2 }),
  build: ({ weightDecay, ...options }) => adamOptimizer(options, { l2: weightDecay, decay: 0 }),
})

/** Adam with weight decay inside the gradient (`l2`) or decoupled from it (`decay`), on weights only. */
export function adamOptimizer(
  { beta1, beta2, epsilon }: MomentOptions,
  weightDecay: { readonly l2: number; readonly decay: number },
): Optimizer {
  return optimizer({
    init: (n) => ({ m: slot(n), v: slot(n) }),
    update: (gradient, slots, parameters, { decays, ...scalars }) => {
      const decay = decays ? weightDecay : { l2: 0, decay: 0 }
      const tensors = { parameters, gradient, ...slots, ...scalars }
      const { parameters: after, m, v } = fusedAdam(tensors, { beta1, beta2, epsilon, ...decay })
      return { parameters: after, slots: { m, v } }
    },
  })
}
