import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import {
  addAll,
  beside,
  hiddenBefore,
  logisticSlope,
  productOverRows,
  seriesOf,
  sumRows,
  tanhSlope,
  through,
} from '../gradients/series.js'
import type { FastCell, Named } from '../gradients/types.js'

interface Options {
  readonly reset: 'after' | 'before'
}

/** Both kinds share the update: h' = n + z (h - n), so dz = dh' (h - n), dn = dh' - dh' z, dh = dh' z. */
export const gruFast: FastCell<Options> = {
  recurrent: ({ reset }) =>
    reset === 'after' ? ['recurrentKernel', 'candidateBias'] : ['recurrentKernel', 'candidateKernel'],
  step: ({ reset }, ...rest) => (reset === 'after' ? after : before).step(...rest),
  back: ({ reset }, ...rest) => (reset === 'after' ? after : before).back(...rest),
  gradients: ({ reset }, ...rest) => (reset === 'after' ? after : before).gradients(...rest),
}

type WithoutOptions<F> = F extends (options: Options, ...rest: infer R) => infer T ? (...rest: R) => T : never
type Kind = { readonly [K in 'step' | 'back' | 'gradients']: WithoutOptions<FastCell<Options>[K]> }

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
    const { next, difference } = update(h as Tensor2D, z, n)
    return { state: { h: next }, kept: { zr, z, r, q, n, difference } }
  },
  back: (params, { kept }, { h }) => {
    const dh = h as Tensor2D
    const { direct, dn, dz } = updateBack(kept, dh)
    const gate = tf.mul(beside(dz, tf.mul(dn, kept.q as Tensor2D)), logisticSlope(kept.zr as Tensor2D)) as Tensor2D
    const dq = tf.mul(dn, kept.r as Tensor2D) as Tensor2D
    const before = through([gate, dq], tensor<Tensor2D>(params, 'recurrentKernel'))
    return { gates: [gate, dn], state: { h: addAll(before, direct) }, more: { dq } }
  },
  gradients: ({ steps, gates: [gate], more }) => {
    const dq = seriesOf(more.map((step) => step.dq as Tensor2D))
    return [productOverRows(hiddenBefore(steps), [gate as Tensor2D, dq]), sumRows(dq)]
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
    const { next, difference } = update(h as Tensor2D, z, n)
    return { state: { h: next }, kept: { zr, z, r, reset, n, difference } }
  },
  back: (params, step, { h }) => {
    const dh = h as Tensor2D
    const { kept } = step
    const { direct, dn, dz } = updateBack(kept, dh)
    const dReset = through(dn, tensor<Tensor2D>(params, 'candidateKernel'))
    const dr = tf.mul(dReset, step.before.h as Tensor2D) as Tensor2D
    const gate = tf.mul(beside(dz, dr), logisticSlope(kept.zr as Tensor2D)) as Tensor2D
    const around = tf.add(direct, tf.mul(dReset, kept.r as Tensor2D)) as Tensor2D
    const before = through(gate, tensor<Tensor2D>(params, 'recurrentKernel'))
    return { gates: [gate, dn], state: { h: addAll(before, around) }, more: {} }
  },
  gradients: ({ steps, gates }) => {
    const [gate, dn] = gates as [Tensor2D, Tensor2D]
    const reset = seriesOf(steps.map(({ kept }) => kept.reset as Tensor2D))
    return [productOverRows(hiddenBefore(steps), gate), productOverRows(reset, dn)]
  },
}

/** n + z (h - n). */
function update(h: Tensor2D, z: Tensor2D, n: Tensor2D): { readonly next: Tensor2D; readonly difference: Tensor2D } {
  const difference = tf.sub(h, n) as Tensor2D
  return { next: tf.add(n, tf.mul(z, difference)), difference }
}

/** Of the update: dh' z, the gradient of n before its tanh, and that of z. */
function updateBack({ z, n, difference }: Named, dh: Tensor2D): Record<'direct' | 'dn' | 'dz', Tensor2D> {
  const direct = tf.mul(dh, z as Tensor2D) as Tensor2D
  const dn = tf.mul(tf.sub(dh, direct), tanhSlope(n as Tensor2D)) as Tensor2D
  return { direct, dn, dz: tf.mul(dh, difference as Tensor2D) }
}
