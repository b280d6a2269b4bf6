import Type, { type Static } from 'typebox'
import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import type { Cell, ParameterSpec } from '../types.js'
import { lstmFast } from './lstm.fast.js'
import { gateParameters, gateSymbols } from './shared.js'

const options = Type.Object({
  forgetBias: Type.Number({
    default: 1,
    description:
      "What the forget gate's bias starts at; 1 keeps the cell state open at first (Jozefowicz et al. 2015).",
  }),
})

/** Gates side by side in the last axis, those with a logistic function first: input i, forget f, output o, candidate g. */
export const lstm: Cell<typeof options, Static<typeof options>> = {
  name: 'lstm',
  summary: 'Long short-term memory: input, forget and output gates around a cell state.',
  equations: [
    'i = σ(x W_i + h U_i + b_i)',
    'f = σ(x W_f + h U_f + b_f)',
    'g = tanh(x W_g + h U_g + b_g)',
    'o = σ(x W_o + h U_o + b_o)',
    "c' = f ⊙ c + i ⊙ g",
    "h' = o ⊙ tanh(c')",
  ],
  symbols: { ...gateSymbols(['i', 'f', 'g', 'o']), c: ['H'], "c'": ['H'] },
  source: {
    paper: 'Hochreiter & Schmidhuber 1997, Long Short-Term Memory; forget gate by Gers et al. 2000, Learning to Forget',
    equation: 'Gers et al. (1)-(7), without peepholes and with tanh for both squashing functions',
    url: 'https://doi.org/10.1162/089976600300015015',
  },
  options,
  parameters: ({ forgetBias }, sizes) => ({
    ...gateParameters(sizes, 4),
    bias: biasSpec(forgetBias, sizes.hidden),
  }),
  stateSizes: (_, { hidden }) => ({ h: hidden, c: hidden }),
  /** x [B,I], h and c [B,H], all float32 -> output = h' [B,H]. */
  step: (_, params, x, state) => {
    const fromInput = tf.add(tf.matMul(x, tensor<Tensor2D>(params, 'kernel')), tensor(params, 'bias'))
    const fromState = tf.matMul(tensor<Tensor2D>(state, 'h'), tensor<Tensor2D>(params, 'recurrentKernel'))
    const [i, f, o, g] = tf.split(tf.add(fromInput, fromState) as Tensor2D, 4, 1) as [
      Tensor2D,
      Tensor2D,
      Tensor2D,
      Tensor2D,
    ]
    const kept = tf.mul(tf.sigmoid(f), tensor(state, 'c'))
    const c = tf.add(kept, tf.mul(tf.sigmoid(i), tf.tanh(g))) as Tensor2D
    const h = tf.mul(tf.sigmoid(o), tf.tanh(c)) as Tensor2D
    return { output: h, state: { h, c } }
  },
  stateFrom: (_, vector) => ({ h: vector, c: tf.zerosLike(vector) }),
  fast: lstmFast,
  alsoBridged: ['c'],
}

/** bias [4H]: zeros, with the forget gate's block at `forgetBias`. */
function biasSpec(forgetBias: number, hidden: number): ParameterSpec {
  const values = new Float32Array(4 * hidden).fill(forgetBias, hidden, 2 * hidden)
  return { shape: [4 * hidden], init: { type: 'given', values }, decay: false }
}
