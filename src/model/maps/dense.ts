import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import type { ParameterSpec, Params } from '../types.js'

/** kernel [I,O] (Glorot) and bias [O] (zeros). */
export function denseParameters(input: number, output: number): Tree<ParameterSpec> {
  return {
    kernel: { shape: [input, output], init: { type: 'glorot' }, decay: true },
    bias: { shape: [output], init: { type: 'zeros' }, decay: false },
  }
}

/** x W + b: x [N,I] -> [N,O]. */
export function dense(params: Params, x: Tensor2D): Tensor2D {
  return tf.add(tf.matMul(x, tensor<Tensor2D>(params, 'kernel')), tensor(params, 'bias'))
}
