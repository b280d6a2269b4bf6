import Type, { type Static } from 'typebox'
import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import type { Cell } from '../types.js'
import { ActivationChoice, activate } from './activation.js'
import { elmanFast } from './elman.fast.js'
import { gateParameters } from './shared.js'

const options = Type.Object({ activation: ActivationChoice })

export const elman: Cell<typeof options, Static<typeof options>> = {
  name: 'elman',
  summary: 'Simple recurrent network: one layer over the input and the state before.',
  equations: ["h' = φ(x W + h U + b)"],
  symbols: {
    x: ['I'],
    h: ['H'],
    "h'": ['H'],
    W: ['I', 'H'],
    U: ['H', 'H'],
    b: ['H'],
  },
  source: {
    paper: 'Elman 1990, Finding Structure in Time',
    equation: 'figure 2, in the notation of today; the paper uses the logistic function for φ',
    url: 'https://doi.org/10.1207/s15516709cog1402_1',
  },
  options,
  parameters: (_, sizes) => gateParameters(sizes, 1),
  stateSizes: (_, { hidden }) => ({ h: hidden }),
  /** x [B,I], h [B,H], all float32 -> output = h' [B,H]. */
  step: ({ activation }, params, x, state) => {
    const fromInput = tf.add(tf.matMul(x, tensor<Tensor2D>(params, 'kernel')), tensor(params, 'bias'))
    const fromState = tf.matMul(tensor<Tensor2D>(state, 'h'), tensor<Tensor2D>(params, 'recurrentKernel'))
    const next = activate(activation, tf.add(fromInput, fromState) as Tensor2D)
    return { output: next, state: { h: next } }
  },
  stateFrom: (_, vector) => ({ h: vector }),
  fast: elmanFast,
}
