import Type from 'typebox'
import { add, mul } from '../../core/ops.js'
import type { Tensor1D } from '../../core/tf.js'
import type { UpdateContext } from './types.js'

export const learningRate = (byDefault: number) =>
  Type.Number({
    exclusiveMinimum: 0,
    default: byDefault,
    description: 'Learning rate η, before the schedule multiplies it.',
  })

export const l2 = Type.Number({
  minimum: 0,
  default: 0,
  description: 'L2 penalty λ: λ θ is added to the gradient of weights; biases and gains are not penalised.',
})

export const decayRate = (description: string, byDefault: number) =>
  Type.Number({ minimum: 0, exclusiveMaximum: 1, default: byDefault, description })

export const epsilon = (byDefault: number) =>
  Type.Number({
    exclusiveMinimum: 0,
    default: byDefault,
    description: 'Added to the denominator for numerical stability.',
  })

/** s g + λ θ on weights, with the context's scale s; s g on biases and where λ is 0. All [N] float32. */
export function withL2(
  lambda: number,
  gradient: Tensor1D,
  parameters: Tensor1D,
  { decays, scale }: UpdateContext,
): Tensor1D {
  const scaled = mul(gradient, scale)
  return lambda === 0 || !decays ? scaled : add(scaled, mul(parameters, lambda))
}
