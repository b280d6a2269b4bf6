import { expandDims, matMul, pad, reshape, slice, sub } from '../../core/ops.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'

/** mask [B,S], padding at the end -> [B,S]: 1 at each row's last real step, else 0. */
export function lastReal(mask: Tensor2D): Tensor2D {
  const [batch, steps] = mask.shape
  if (steps === 1) return mask
  const following = pad(slice(mask, [0, 1], [batch, steps - 1]), [
    [0, 0],
    [0, 1],
  ])
  return sub(mask, following)
}

/** weights [B,S], perStep [B,S,H] -> their weighted sum [B,H]. */
export function select(weights: Tensor2D, perStep: Tensor3D): Tensor2D {
  const [batch, , size] = perStep.shape
  return reshape(matMul(expandDims(weights, 1), perStep), [batch, size])
}

/** perStep [B,S,H] -> its first step [B,H]. */
export function firstStep(perStep: Tensor3D): Tensor2D {
  const [batch, , size] = perStep.shape
  return reshape(slice(perStep, [0, 0, 0], [batch, 1, size]), [batch, size])
}
