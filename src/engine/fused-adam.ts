import { type Scalar, type Tensor, tf } from '../core/tf.js'

/** What one update works on: vectors [N] float32, and scalars. `scale` multiplies the gradient first (clipping). */
export interface AdamTensors {
  readonly parameters: Tensor
  readonly gradient: Tensor
  readonly m: Tensor
  readonly v: Tensor
  readonly scale: Scalar
  readonly learningRate: Scalar
  /** From 1. */
  readonly step: Scalar
}

/** β₁, β₂, ε; `l2`: λ of a penalty in the gradient; `decay`: λ of a decay apart from it. */
export interface AdamSettings {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly l2: number
  readonly decay: number
}

export type AdamResult = { readonly parameters: Tensor; readonly m: Tensor; readonly v: Tensor }

export const adamKernel = 'FusedAdam'
export const adamInputs = ['parameters', 'gradient', 'm', 'v', 'scale', 'learningRate', 'step'] as const

/**
 * One update of Adam. The slots hold M = m / (1 − β₁) and V = v / (1 − β₂), which are the same numbers in two operations
 * less over the whole vector. With r = √((1 − β₂ᵗ) / (1 − β₂)):
 *
 *     g ← scale · g + l2 · θ      M ← β₁ M + g      V ← β₂ V + g²
 *     θ ← (1 − η decay) θ − η (1 − β₁) / (1 − β₁ᵗ) · r · M / (√V + ε r)
 *
 * A backend that has it as a kernel of its own (the trace) is given the whole; others run the equation.
 */
export function fusedAdam(given: AdamTensors, settings: AdamSettings): AdamResult {
  if (tf.getKernel(adamKernel, tf.getBackend()) === undefined) return byEquation(given, settings)
  const [parameters, m, v] = tf.engine().runKernel<Tensor[]>(adamKernel, { ...given }, { ...settings })
  return { parameters, m, v } as AdamResult
}

function byEquation(given: AdamTensors, { beta1, beta2, epsilon, l2, decay }: AdamSettings): AdamResult {
  const { parameters, learningRate, step } = given
  const scaled = tf.mul(given.gradient, given.scale)
  const gradient = l2 === 0 ? scaled : tf.add(scaled, tf.mul(parameters, l2))
  const m = tf.add(tf.mul(given.m, beta1), gradient)
  const v = tf.add(tf.mul(given.v, beta2), tf.square(gradient))
  const root = tf.sqrt(tf.div(tf.sub(1, tf.pow(tf.scalar(beta2), step)), 1 - beta2))
  const rate = tf.mul(tf.div(1 - beta1, tf.sub(1, tf.pow(tf.scalar(beta1), step))), tf.mul(learningRate, root))
  const kept = decay === 0 ? parameters : tf.mul(parameters, tf.sub(1, tf.mul(learningRate, decay)))
  return { parameters: tf.sub(kept, tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), tf.mul(root, epsilon)))), m, v }
}
