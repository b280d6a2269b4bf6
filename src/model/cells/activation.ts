import Type, { type Static } from 'typebox'
import { onesLike, relu, step, tanh } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import { tanhSlope } from '../gradients/series.js'

export const ActivationChoice = Type.Union([Type.Literal('tanh'), Type.Literal('relu'), Type.Literal('identity')], {
  default: 'tanh',
  description: 'Activation function φ.',
})
export type Activation = Static<typeof ActivationChoice>

/** φ(x), element by element; any shape, float32. */
export function activate(activation: Activation, x: Tensor2D): Tensor2D {
  switch (activation) {
    case 'tanh':
      return tanh(x)
    case 'relu':
      return relu(x)
    case 'identity':
      return x
  }
}

/** φ'(x) out of φ(x), element by element. */
export function activationSlope(activation: Activation, value: Tensor2D): Tensor2D {
  switch (activation) {
    case 'tanh':
      return tanhSlope(value)
    case 'relu':
      return step(value)
    case 'identity':
      return onesLike(value)
  }
}
