import { type Tensor2D, type Tensor3D, tf } from '../../core/tf.js'

/** mask [B,S], padding at the end -> [B,S]: 1 at each row's last real step, else 0. */
export function lastReal(mask: Tensor2D): Tensor2D {
  const [batch, steps] = mask.shape
  if (steps === 1) return mask
  const following = tf.pad(tf.slice(mask, [0, 1], [batch, steps - 1]), [
    [0, 0],
    [0, 1],
  ])
  return tf.sub(mask, following) as Tensor2D
}

/** weights [B,S], perStep [B,S,H] -> their weighted sum [B,H]. */
export function select(weights: Tensor2D, perStep: Tensor3D): Tensor2D {
  const [batch, , size] = perStep.shape
  return tf.reshape(tf.matMul(tf.expandDims(weights, 1) as Tensor3D, perStep), [batch, size])
}

/** perStep [B,S,H] -> its first step [B,H]. */
export function firstStep(perStep: Tensor3D): Tensor2D {
  const [batch, , size] = perStep.shape
  return tf.reshape(tf.slice(perStep, [0, 0, 0], [batch, 1, size]), [batch, size])
}
