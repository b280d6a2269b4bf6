import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import { addAll, beside, logisticSlope, productOverRows, tanhSlope, through } from '../fast/series.js'
import type { FastCell } from '../fast/types.js'

/**
 * [i f g o] = gates + h U before their activations. With dc = dh' o (1 - tanh² c') + (dc' from the step after):
 * [di df dg do] = [dc dc dc dh'] ⊙ [g i(1-i), c f(1-f), i (1-g²), tanh(c') o(1-o)], dc before = dc f.
 */
export const lstmFast: FastCell = {
  recurrent: () => ['recurrentKernel'],
  step: (_, params, gates, { h, c }) => {
    const sum = tf.add(tf.matMul(h as Tensor2D, tensor<Tensor2D>(params, 'recurrentKernel')), gates)
    const [a, b, d, e] = tf.split(sum, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D]
    const [i, f, g, o] = [tf.sigmoid(a), tf.sigmoid(b), tf.tanh(d), tf.sigmoid(e)]
    const next = tf.add(tf.mul(f, c as Tensor2D), tf.mul(i, g)) as Tensor2D
    const squashed = tf.tanh(next)
    return { state: { h: tf.mul(o, squashed), c: next }, kept: { i, f, g, o, squashed } }
  },
  factors: (_, kept, { c }) => {
    const [i, f, g, o] = [kept.i as Tensor2D, kept.f as Tensor2D, kept.g as Tensor2D, kept.o as Tensor2D]
    const squashed = kept.squashed as Tensor2D
    const gates = beside(
      tf.mul(g, logisticSlope(i)),
      tf.mul(c as Tensor2D, logisticSlope(f)),
      tf.mul(i, tanhSlope(g)),
      tf.mul(squashed, logisticSlope(o)),
    )
    return { gates, cell: tf.mul(o, tanhSlope(squashed)), f }
  },
  back: (_, params, factors, { h, c }) => {
    const dh = h as Tensor2D
    const dc = addAll(tf.mul(dh, factors.cell as Tensor2D), c)
    const gates = tf.mul(beside(dc, dc, dc, dh), factors.gates as Tensor2D) as Tensor2D
    const before = {
      h: through(gates, tensor<Tensor2D>(params, 'recurrentKernel')),
      c: tf.mul(dc, factors.f as Tensor2D),
    }
    return { gates, state: before as Readonly<Record<string, Tensor2D>>, more: {} }
  },
  gradients: (_, { before, gates }) => [productOverRows(before.h as Tensor2D, gates)],
}
