import Type, { type Static } from 'typebox'
import { type Tensor2D, tf } from '../../core/tf.js'

export const ActivationChoice = Type.Union([Type.Literal('tanh'), Type.Literal('relu'), Type.Literal('identity')], {
  default: 'tanh',
  description: 'The function φ that the sum goes through.',
})
export type Activation = Static<typeof ActivationChoice>

/** φ(x), element by element; any shape, float32. */
export function activate(activation: Activation, x: Tensor2D): Tensor2D {
  switch (activation) {
    case 'tanh':
      return tf.tanh(x)
    case 'relu':
      return tf.relu(x)
    case 'identity':
      return x
  }
}
