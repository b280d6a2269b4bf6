import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import { addAll, beside, logisticSlope, productOverRows, sumRows, tanhSlope, through } from '../fast/series.js'
import type { FastCell, Named } from '../fast/types.js'

interface Options {
  readonly reset: 'after' | 'before'
}

/** Both kinds share the update: h' = n + z (h - n), so dz = dh' (h - n), dn = dh' (1 - z), dh = dh' z. */
export const gruFast: FastCell<Options> = {
  recurrent: ({ reset }) =>
    reset === 'after' ? ['recurrentKernel', 'candidateBias'] : ['recurrentKernel', 'candidateKernel'],
  step: ({ reset }, ...rest) => (reset === 'after' ? after : before).step(...rest),
  factors: ({ reset }, ...rest) => (reset === 'after' ? after : before).factors(...rest),
  back: ({ reset }, ...rest) => (reset === 'after' ? after : before).back(...rest),
  gradients: ({ reset }, ...rest) => (reset === 'after' ? after : before).gradients(...rest),
}

type WithoutOptions<F> = F extends (options: Options, ...rest: infer R) => infer T ? (...rest: R) => T : never
type Kind = { readonly [K in 'step' | 'factors' | 'back' | 'gradients']: WithoutOptions<FastCell<Options>[K]> }
type Gru = Readonly<Record<'z' | 'r' | 'n', Tensor2D>>

/** n = tanh(gates_n + r q), q = h U_n + c: U's gradient meets [dz dr dq], the input's [dz dr dn]. */
const after: Kind = {
  step: (params, gates, { h }) => {
    const size = (h as Tensor2D).shape[1]
    const recurrent = tensor<Tensor2D>(params, 'recurrentKernel')
    const [gateKernel, candidateKernel] = tf.split(recurrent, [2 * size, size], 1) as [Tensor2D, Tensor2D]
    const [gateInput, candidateInput] = tf.split(gates, [2 * size, size], 1) as [Tensor2D, Tensor2D]
    const zr = tf.sigmoid(tf.add(tf.matMul(h as Tensor2D, gateKernel), gateInput)) as Tensor2D
    const [z, r] = tf.split(zr, 2, 1) as [Tensor2D, Tensor2D]
    const q = tf.add(tf.matMul(h as Tensor2D, candidateKernel), tensor(params, 'candidateBias')) as Tensor2D
    const n = tf.tanh(tf.add(tf.mul(r, q), candidateInput)) as Tensor2D
    return { state: { h: update(h as Tensor2D, z, n) }, kept: { zr, q, n } }
  },
  factors: (kept, { h }) => {
    const { z, r, n } = gatesOf(kept)
    const dn = candidateFactor(z, n)
    const dq = tf.mul(dn, r) as Tensor2D
    const dr = tf.mul(tf.mul(dn, kept.q as Tensor2D), logisticSlope(r)) as Tensor2D
    const dz = tf.mul(tf.sub(h as Tensor2D, n), logisticSlope(z)) as Tensor2D
    return { input: beside(dz, dr, dn), recurrent: beside(dz, dr, dq), z }
  },
  back: (params, factors, { h }) => {
    const dh = h as Tensor2D
    const tripled = beside(dh, dh, dh)
    const recurrent = tf.mul(tripled, factors.recurrent as Tensor2D) as Tensor2D
    const direct = tf.mul(dh, factors.z as Tensor2D) as Tensor2D
    return {
      gates: tf.mul(tripled, factors.input as Tensor2D),
      state: { h: addAll(through(recurrent, tensor<Tensor2D>(params, 'recurrentKernel')), direct) },
      more: { recurrent },
    }
  },
  gradients: ({ before, more }) => {
    const recurrent = more.recurrent as Tensor2D
    const [rows, width] = recurrent.shape
    const candidate = tf.slice(recurrent, [0, (2 * width) / 3], [rows, width / 3])
    return [productOverRows(before.h as Tensor2D, recurrent), sumRows(candidate)]
  },
}

/** n = tanh(gates_n + (r h) U_n): the reset gate's gradient comes through U_n. */
const before: Kind = {
  step: (params, gates, { h }) => {
    const size = (h as Tensor2D).shape[1]
    const [gateInput, candidateInput] = tf.split(gates, [2 * size, size], 1) as [Tensor2D, Tensor2D]
    const gateKernel = tensor<Tensor2D>(params, 'recurrentKernel')
    const zr = tf.sigmoid(tf.add(tf.matMul(h as Tensor2D, gateKernel), gateInput)) as Tensor2D
    const [z, r] = tf.split(zr, 2, 1) as [Tensor2D, Tensor2D]
    const reset = tf.mul(r, h as Tensor2D) as Tensor2D
    const n = tf.tanh(tf.add(tf.matMul(reset, tensor<Tensor2D>(params, 'candidateKernel')), candidateInput)) as Tensor2D
    return { state: { h: update(h as Tensor2D, z, n) }, kept: { zr, reset, n } }
  },
  factors: (kept, { h }) => {
    const { z, r, n } = gatesOf(kept)
    return {
      dn: candidateFactor(z, n),
      dz: tf.mul(tf.sub(h as Tensor2D, n), logisticSlope(z)),
      dr: tf.mul(h as Tensor2D, logisticSlope(r)),
      z,
      r,
    }
  },
  back: (params, factors, { h }) => {
    const dh = h as Tensor2D
    const dn = tf.mul(dh, factors.dn as Tensor2D) as Tensor2D
    const dReset = through(dn, tensor<Tensor2D>(params, 'candidateKernel'))
    const gate = beside(tf.mul(dh, factors.dz as Tensor2D), tf.mul(dReset, factors.dr as Tensor2D))
    const direct = tf.add(tf.mul(dh, factors.z as Tensor2D), tf.mul(dReset, factors.r as Tensor2D)) as Tensor2D
    return {
      gates: beside(gate, dn),
      state: { h: addAll(through(gate, tensor<Tensor2D>(params, 'recurrentKernel')), direct) },
      more: {},
    }
  },
  gradients: ({ before, kept, gates }) => {
    const [, width] = gates.shape
    const [gate, dn] = tf.split(gates, [(2 * width) / 3, width / 3], 1) as [Tensor2D, Tensor2D]
    return [productOverRows(before.h as Tensor2D, gate), productOverRows(kept.reset as Tensor2D, dn)]
  },
}

/** n + z (h - n). */
function update(h: Tensor2D, z: Tensor2D, n: Tensor2D): Tensor2D {
  return tf.add(n, tf.mul(z, tf.sub(h, n)))
}

/** (1 - z) (1 - n²). */
function candidateFactor(z: Tensor2D, n: Tensor2D): Tensor2D {
  return tf.mul(tf.sub(1, z), tanhSlope(n))
}

function gatesOf(kept: Named): Gru {
  const [z, r] = tf.split(kept.zr as Tensor2D, 2, 1) as [Tensor2D, Tensor2D]
  return { z, r, n: kept.n as Tensor2D }
}
