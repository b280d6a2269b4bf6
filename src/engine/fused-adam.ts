import { add, div, mul, sqrt, square, sub } from '../core/ops.js'
import { asVector } from '../core/ranks.js'
import { type Scalar, type Tensor, type Tensor1D, tf } from '../core/tf.js'

/** What one update works on: vectors [N] float32, and scalars. `scale` multiplies the gradient first (clipping). */
export interface AdamTensors {
  readonly parameters: Tensor1D
  readonly gradient: Tensor1D
  readonly m: Tensor1D
  readonly v: Tensor1D
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

export type AdamResult = { readonly parameters: Tensor1D; readonly m: Tensor1D; readonly v: Tensor1D }

const adamKernel = 'FusedAdam'
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
export function fusedAdam(tensors: AdamTensors, settings: AdamSettings): AdamResult {
  if (tf.getKernel(adamKernel, tf.getBackend()) === undefined) return byEquation(tensors, settings)
  const outputs: Tensor[] = tf.engine().runKernel(adamKernel, { ...tensors }, { ...settings })
  const [parameters, m, v] = outputs.map((output) => asVector(output, adamKernel))
  if (parameters === undefined || m === undefined || v === undefined) throw new RangeError('FusedAdam has 3 outputs')
  return { parameters, m, v }
}

function byEquation(tensors: AdamTensors, { beta1, beta2, epsilon, l2, decay }: AdamSettings): AdamResult {
  const { parameters, learningRate, step } = tensors
  const scaled = mul(tensors.gradient, tensors.scale)
  const gradient = l2 === 0 ? scaled : add(scaled, mul(parameters, l2))
  const m = add(mul(tensors.m, beta1), gradient)
  const v = add(mul(tensors.v, beta2), square(gradient))
  const root = sqrt(div(sub(1, power(beta2, step)), 1 - beta2))
  const rate = mul(div(1 - beta1, sub(1, power(beta1, step))), mul(learningRate, root))
  const decayed = decay === 0 ? parameters : mul(parameters, sub(1, mul(learningRate, decay)))
  return { parameters: sub(decayed, div(mul(m, rate), add(sqrt(v), mul(root, epsilon)))), m, v }
}

function power(base: number, exponent: Scalar): Scalar {
  return tf.pow(tf.scalar(base), exponent)
}
