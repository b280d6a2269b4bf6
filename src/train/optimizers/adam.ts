import Type, { type Static } from 'typebox'
import { type Tensor, tensor, tf } from '../../core/tf.js'
import type { Optimizer, UpdateContext } from '../parts.js'
import { epsilon, l2, learningRate, share, withL2 } from './shared.js'

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
  update: (chosen, gradient, slots, parameters, context) => {
    const g = withL2(chosen.weightDecay, gradient, parameters, context)
    const { change, slots: next } = adamChange(chosen, g, slots, context)
    return { parameters: tf.sub(parameters, change), slots: next }
  },
}

export function momentSlots(n: number) {
  return { m: { dtype: 'float32', shape: [n] }, v: { dtype: 'float32', shape: [n] } } as const
}

/**
 * Adam's step. The slots hold M = m / (1 − β₁) and V = v / (1 − β₂), which are the same numbers in two operations less
 * over the whole vector: M ← β₁ M + g, V ← β₂ V + g², and with r = √((1 − β₂ᵗ) / (1 − β₂)) the change is
 * η (1 − β₁) / (1 − β₁ᵗ) · r · M / (√V + ε r). All [N] float32.
 */
export function adamChange(
  { beta1, beta2, epsilon }: Moments,
  gradient: Tensor,
  slots: Readonly<Record<string, Tensor>>,
  { learningRate, step }: UpdateContext,
) {
  const m = tf.add(tf.mul(tensor(slots, 'm'), beta1), gradient)
  const v = tf.add(tf.mul(tensor(slots, 'v'), beta2), tf.square(gradient))
  const root = tf.sqrt(tf.div(tf.sub(1, tf.pow(tf.scalar(beta2), step)), 1 - beta2))
  const rate = tf.mul(tf.div(1 - beta1, tf.sub(1, tf.pow(tf.scalar(beta1), step))), tf.mul(learningRate, root))
  return { change: tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), tf.mul(root, epsilon))), slots: { m, v } }
}
