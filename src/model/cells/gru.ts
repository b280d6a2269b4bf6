import Type, { type Static } from 'typebox'
import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import type { Cell, CellSizes, ParameterSpec } from '../types.js'
import { gruFast } from './gru.fast.js'
import { gateParameters, gateSymbols } from './shared.js'

const options = Type.Object({
  reset: Type.Union([Type.Literal('after'), Type.Literal('before')], {
    default: 'after',
    description:
      'Whether the reset gate acts after the matrix product (cuDNN, PyTorch, Keras) or before it (the first version of the paper).',
  }),
})

/** Gates side by side in the last axis: update z, reset r, candidate n. */
export const gru: Cell<typeof options, Static<typeof options>> = {
  name: 'gru',
  summary: 'Gated recurrent unit: an update gate and a reset gate, one state.',
  equations: [
    'z = σ(x W_z + h U_z + b_z)',
    'r = σ(x W_r + h U_r + b_r)',
    'n = tanh(x W_n + r ⊙ (h U_n + c_n) + b_n)   (reset: after)',
    'n = tanh(x W_n + (r ⊙ h) U_n + b_n)         (reset: before)',
    "h' = (1 − z) ⊙ n + z ⊙ h",
  ],
  symbols: { ...gateSymbols(['z', 'r', 'n']), c_n: ['H'] },
  source: {
    paper: 'Cho et al. 2014, Learning Phrase Representations using RNN Encoder-Decoder',
    equation: '(5)-(8); reset "after" as in the appendix of v3 and in cuDNN',
    url: 'https://arxiv.org/abs/1406.1078',
  },
  options,
  parameters: ({ reset }, sizes) => (reset === 'after' ? afterParameters(sizes) : beforeParameters(sizes)),
  stateSizes: (_, { hidden }) => ({ h: hidden }),
  /** x [B,I], h [B,H], all float32 -> output = h' [B,H]. */
  step: ({ reset }, params, x, state) => {
    const h = tensor<Tensor2D>(state, 'h')
    const fromInput = tf.add(tf.matMul(x, tensor<Tensor2D>(params, 'kernel')), tensor(params, 'bias')) as Tensor2D
    const [xz, xr, xn] = tf.split(fromInput, 3, 1) as [Tensor2D, Tensor2D, Tensor2D]
    const fromState = tf.matMul(h, tensor<Tensor2D>(params, 'recurrentKernel'))
    // With reset "after" the same product has a third block, the candidate's.
    const [hz, hr, hn] = tf.split(fromState, reset === 'after' ? 3 : 2, 1) as [Tensor2D, Tensor2D, Tensor2D?]
    const z = tf.sigmoid(tf.add(xz, hz))
    const r = tf.sigmoid(tf.add(xr, hr))
    const recurrent =
      hn === undefined
        ? tf.matMul(tf.mul(r, h) as Tensor2D, tensor<Tensor2D>(params, 'candidateKernel'))
        : tf.mul(r, tf.add(hn, tensor(params, 'candidateBias')))
    const n = tf.tanh(tf.add(xn, recurrent))
    const next = tf.add(tf.mul(tf.sub(1, z), n), tf.mul(z, h)) as Tensor2D
    return { output: next, state: { h: next } }
  },
  stateFrom: (_, vector) => ({ h: vector }),
  fast: gruFast,
}

/** One recurrentKernel [H, 3H] for all gates, and the candidate's own recurrent bias [H]. */
function afterParameters(sizes: CellSizes): Tree<ParameterSpec> {
  const candidateBias: ParameterSpec = { shape: [sizes.hidden], init: { type: 'zeros' }, decay: false }
  return { ...gateParameters(sizes, 3), candidateBias }
}

/** recurrentKernel [H, 2H] for the gates; the candidate's kernel [H, H] by itself, as it meets another vector. */
function beforeParameters(sizes: CellSizes): Tree<ParameterSpec> {
  const { kernel, recurrentKernel, bias } = gateParameters(sizes, 3)
  const square = [sizes.hidden, sizes.hidden]
  return {
    kernel,
    recurrentKernel: {
      ...recurrentKernel,
      shape: [sizes.hidden, 2 * sizes.hidden],
      init: { type: 'orthogonal', blocks: 2 },
    },
    candidateKernel: { shape: square, init: { type: 'orthogonal' }, decay: true },
    bias,
  }
}
