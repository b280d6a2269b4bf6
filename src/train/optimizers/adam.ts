import Type, { type Static } from 'typebox'
import type { Tensor } from '../../core/tf.js'
import { leaf } from '../../core/tree.js'
import { fusedAdam } from '../../engine/fused-adam.js'
import type { Optimizer, UpdateContext } from '../parts.js'
import { epsilon, l2, learningRate, share } from './shared.js'

export const moments = {
  learningRate: learningRate(0.001),
  beta1: share('Decay of the mean of gradients.', 0.9),
  beta2: share('Decay of the mean of squares.', 0.999),
  epsilon: epsilon(1e-8),
}
const options = Type.Object({ ...moments, weightDecay: l2 })

interface Moments {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

export const adam: Optimizer<typeof options, Static<typeof options>> = {
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
  options,
  init: (_, n) => momentSlots(n),
  update: (chosen, gradient, slots, parameters, context) =>
    adamUpdate(chosen, { l2: chosen.weightDecay, decay: 0 }, gradient, slots, parameters, context),
}

export function momentSlots(n: number) {
  return { m: { dtype: 'float32', shape: [n] }, v: { dtype: 'float32', shape: [n] } } as const
}

/** Adam's update with weight decay inside the gradient (`l2`) or apart from it (`decay`), on weights only. */
export function adamUpdate(
  { beta1, beta2, epsilon }: Moments,
  { l2: inside, decay: apart }: { readonly l2: number; readonly decay: number },
  gradient: Tensor,
  slots: Readonly<Record<string, Tensor>>,
  parameters: Tensor,
  { decays, ...scalars }: UpdateContext,
) {
  const given = { parameters, gradient, m: leaf(slots, 'm'), v: leaf(slots, 'v'), ...scalars }
  const decay = decays ? { l2: inside, decay: apart } : { l2: 0, decay: 0 }
  const { parameters: after, m, v } = fusedAdam(given, { beta1, beta2, epsilon, ...decay })
  return { parameters: after, slots: { m, v } }
}
