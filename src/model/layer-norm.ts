import { add, div, mean, mul, sqrt, square, sub, vector } from '../core/ops.js'
import type { Tensor } from '../core/tf.js'
import type { Axis } from './axes.js'
import { type Params, parameter, zeroBias } from './parameters.js'

const EPSILON = 1e-5

/** Gain (ones) and bias (zeros) of a normalisation over `axis`. */
export function layerNormParameters(axis: Axis) {
  return { gain: gain(axis), bias: zeroBias(axis) }
}

/** A gain: ones, not decayed. */
export function gain(axis: Axis) {
  return parameter([axis], { type: 'constant', value: 1 }, { decay: false })
}

/** (x − mean) / √(variance + 1e-5) · gain + bias over the last axis; x [..., D], gain and bias [D]. */
export function layerNorm<T extends Tensor>(x: T, params: Params): T {
  return add(mul(standardised(x), vector(params, 'gain')), vector(params, 'bias'))
}

/** (x − mean) / √(variance + 1e-5) over the last axis; x [..., D]. */
export function standardised<T extends Tensor>(x: T): T {
  const centred = sub(x, mean(x, -1, true))
  const variance = mean(square(centred), -1, true)
  return div(centred, sqrt(add(variance, EPSILON)))
}
