import { cast, div, equal, expandDims, max, mul, sum } from '../../core/ops.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import { withStructuredGradient } from '../gradients/structured.js'

/**
 * The largest number over the steps, [N,C,K] -> [N,K]. Where several steps have it (equal windows, in a word of repeated
 * characters), each gets an equal part of the gradient; autodiff would give each of them the whole.
 */
export function maxOverTime(x: Tensor3D): Tensor2D {
  const forward = () => {
    const value = max(x, 1)
    return { value, residuals: { value } }
  }
  const backward = (gradient: Tensor2D, inputs: { readonly x: Tensor3D }, { value }: { readonly value: Tensor2D }) => {
    const largest = cast(equal(inputs.x, expandDims(value, 1)), 'float32')
    const shares = div(gradient, sum(largest, 1))
    return { x: mul(largest, expandDims(shares, 1)) }
  }
  return withStructuredGradient({ x }, forward, backward)
}
