import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import { hiddenBefore, productOverRows, tanhSlope, through } from '../gradients/series.js'
import type { FastCell } from '../gradients/types.js'
import { type Activation, activate } from './activation.js'

/** h' = φ(a), a = gates + h U; da = dh' φ'(a), with φ' out of h' itself. */
export const elmanFast: FastCell<{ readonly activation: Activation }> = {
  recurrent: () => ['recurrentKernel'],
  step: ({ activation }, params, gates, { h }) => {
    const sum = tf.add(tf.matMul(h as Tensor2D, tensor<Tensor2D>(params, 'recurrentKernel')), gates) as Tensor2D
    const next = activate(activation, sum)
    return { state: { h: next }, kept: { next } }
  },
  back: ({ activation }, params, { kept }, { h }) => {
    const gates = tf.mul(h as Tensor2D, slope(activation, kept.next as Tensor2D)) as Tensor2D
    const before = through(gates, tensor<Tensor2D>(params, 'recurrentKernel'))
    return { gates: [gates], state: { h: before }, more: {} }
  },
  gradients: (_, { steps, gates }) => [productOverRows(hiddenBefore(steps), gates)],
}

function slope(activation: Activation, value: Tensor2D): Tensor2D {
  switch (activation) {
    case 'tanh':
      return tanhSlope(value)
    case 'relu':
      return tf.step(value)
    case 'identity':
      return tf.onesLike(value)
  }
}
