import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import { addAll, beside, logisticSlope, productOverRows, tanhSlope, through } from '../fast/series.js'
import type { FastCell } from '../fast/types.js'

/**
 * [i f o g] = gates + h U before their activations. With dc = dh' o (1 - tanh² c') + (dc' from the step after):
 * [di df do dg] = [dc dc dh' dc] ⊙ [g i(1-i), c f(1-f), tanh(c') o(1-o), i (1-g²)], dc before = dc f.
 */
export const lstmFast: FastCell = {
  recurrent: () => ['recurrentKernel'],
  step: (_, params, gates, { h, c }) => {
    const [logisticKernel, candidateKernel] = partsOf(tensor<Tensor2D>(params, 'recurrentKernel'))
    const [logisticInput, candidateInput] = partsOf(gates)
    const ifo = tf.sigmoid(tf.add(tf.matMul(h as Tensor2D, logisticKernel), logisticInput)) as Tensor2D
    const g = tf.tanh(tf.add(tf.matMul(h as Tensor2D, candidateKernel), candidateInput)) as Tensor2D
    const [i, f, o] = tf.split(ifo, 3, 1) as [Tensor2D, Tensor2D, Tensor2D]
    const next = tf.add(tf.mul(f, c as Tensor2D), tf.mul(i, g)) as Tensor2D
    const squashed = tf.tanh(next)
    return { state: { h: tf.mul(o, squashed), c: next }, kept: { ifo, g, squashed } }
  },
  factors: (_, kept, { c }) => {
    const [ifo, g, squashed] = [kept.ifo as Tensor2D, kept.g as Tensor2D, kept.squashed as Tensor2D]
    const [i, f, o] = tf.split(ifo, 3, 1) as [Tensor2D, Tensor2D, Tensor2D]
    const logistic = tf.mul(logisticSlope(ifo), beside(g, c as Tensor2D, squashed)) as Tensor2D
    const candidate = tf.mul(i, tanhSlope(g)) as Tensor2D
    return { gates: beside(logistic, candidate), cell: tf.mul(o, tanhSlope(squashed)), f }
  },
  back: (_, params, factors, { h, c }) => {
    const dh = h as Tensor2D
    const dc = addAll(tf.mul(dh, factors.cell as Tensor2D), c)
    const gates = tf.mul(beside(dc, dc, dh, dc), factors.gates as Tensor2D) as Tensor2D
    const before = {
      h: through(gates, tensor<Tensor2D>(params, 'recurrentKernel')),
      c: tf.mul(dc, factors.f as Tensor2D),
    }
    return { gates, state: before as Readonly<Record<string, Tensor2D>>, more: {} }
  },
  gradients: (_, { before, gates }) => [productOverRows(before.h as Tensor2D, gates)],
}

/** Columns [.., 4H] -> those of i, f and o [.., 3H] and those of g [.., H]. */
function partsOf(columns: Tensor2D): [Tensor2D, Tensor2D] {
  const size = columns.shape[1] / 4
  return tf.split(columns, [3 * size, size], 1) as [Tensor2D, Tensor2D]
}
