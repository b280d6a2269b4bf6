import { mul, sub } from '../core/ops.js'
import type { Tensor } from '../core/tf.js'

/** Added to scores, e^-1e9 is exactly 0 in float32. */
const FAR_BELOW = 1e9

/** What masks scores before a softmax: 0 on real steps (mask 1), −1e9 on padding (mask 0), in the mask's shape. */
export function paddingBias<T extends Tensor>(mask: T): T {
  return mul(sub(mask, 1), FAR_BELOW)
}
