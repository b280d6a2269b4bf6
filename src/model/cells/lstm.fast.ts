import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import { addAll, beside, hiddenBefore, logisticSlope, productOverRows, through } from '../gradients/series.js'
import type { FastCell } from '../gradients/types.js'

/**
 * [i f o g] = gates + h U before their activations. With dc = dh' o (1 - tanh² c') + (dc' from the step after):
 * [di df do] = [dc g, dc c, dh' tanh c'] ⊙ [i f o](1 - [i f o]), dg = dc i (1 - g²), dc before = dc f. Slopes of tanh are
 * taken out of products that the step has formed: o (1 - tanh² c') = o - h' tanh c', i (1 - g²) = i - (i g) g.
 */
export const lstmFast: FastCell = {
  recurrent: () => ['recurrentKernel'],
  step: (_, params, gates, { h, c }) => {
    const [logisticKernel, candidateKernel] = partsOf(tensor<Tensor2D>(params, 'recurrentKernel'))
    const [logisticInput, candidateInput] = partsOf(gates)
    const ifo = tf.sigmoid(tf.add(tf.matMul(h as Tensor2D, logisticKernel), logisticInput)) as Tensor2D
    const g = tf.tanh(tf.add(tf.matMul(h as Tensor2D, candidateKernel), candidateInput)) as Tensor2D
    const [i, f, o] = tf.split(ifo, 3, 1) as [Tensor2D, Tensor2D, Tensor2D]
    const entered = tf.mul(i, g) as Tensor2D
    const next = tf.add(tf.mul(f, c as Tensor2D), entered) as Tensor2D
    const squashed = tf.tanh(next)
    const after = tf.mul(o, squashed) as Tensor2D
    return { state: { h: after, c: next }, kept: { ifo, i, f, o, g, entered, squashed, after } }
  },
  back: (_, params, { kept, before }, { h, c }) => {
    const dh = h as Tensor2D
    const { ifo, i, f, o, g, entered, squashed, after } = kept as Record<Kept, Tensor2D>
    const dc = addAll(tf.mul(dh, tf.sub(o, tf.mul(after, squashed))), c)
    const outside = beside(tf.mul(dc, g), tf.mul(dc, before.c as Tensor2D), tf.mul(dh, squashed))
    const candidate = tf.mul(dc, tf.sub(i, tf.mul(entered, g))) as Tensor2D
    const gates = beside(tf.mul(outside, logisticSlope(ifo)), candidate)
    const state = { h: through(gates, tensor<Tensor2D>(params, 'recurrentKernel')), c: tf.mul(dc, f) as Tensor2D }
    return { gates: [gates], state, more: {} }
  },
  gradients: (_, { steps, gates }) => [productOverRows(hiddenBefore(steps), gates)],
}

type Kept = 'ifo' | 'i' | 'f' | 'o' | 'g' | 'entered' | 'squashed' | 'after'

/** Columns [.., 4H] -> those of i, f and o [.., 3H] and those of g [.., H]. */
function partsOf(columns: Tensor2D): [Tensor2D, Tensor2D] {
  const size = columns.shape[1] / 4
  return tf.split(columns, [3 * size, size], 1) as [Tensor2D, Tensor2D]
}
