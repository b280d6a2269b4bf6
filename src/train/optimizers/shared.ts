import Type from 'typebox'
import { type Tensor, tf } from '../../core/tf.js'
import type { UpdateContext } from '../parts.js'

export const learningRate = (byDefault: number) =>
  Type.Number({ exclusiveMinimum: 0, default: byDefault, description: 'Step size at factor 1 of the schedule.' })

export const l2 = Type.Number({
  minimum: 0,
  default: 0,
  description: 'λ of an L2 penalty: λ θ is added to the gradient of weights; biases and gains are left alone.',
})

export const share = (description: string, byDefault: number) =>
  Type.Number({ minimum: 0, exclusiveMaximum: 1, default: byDefault, description })

export const epsilon = (byDefault: number) =>
  Type.Number({ exclusiveMinimum: 0, default: byDefault, description: 'Keeps the division finite.' })

/** s g + λ θ on weights, with the context's scale s; s g on biases and where λ is 0. All [N] float32. */
export function withL2(lambda: number, gradient: Tensor, parameters: Tensor, { decays, scale }: UpdateContext): Tensor {
  const scaled = tf.mul(gradient, scale)
  return lambda === 0 || !decays ? scaled : tf.add(scaled, tf.mul(parameters, lambda))
}
