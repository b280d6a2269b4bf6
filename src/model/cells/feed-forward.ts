import Type, { type Static } from 'typebox'
import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import type { Cell } from '../types.js'
import { ActivationChoice, activate } from './activation.js'

const options = Type.Object({ activation: ActivationChoice })

export const feedForward: Cell<typeof options, Static<typeof options>> = {
  name: 'feed-forward',
  summary: 'No recurrence: the baseline that cannot tell two readings of one word apart.',
  equations: ['output = φ(x W + b)'],
  symbols: {
    x: ['I'],
    output: ['H'],
    W: ['I', 'H'],
    b: ['H'],
  },
  source: {
    paper: 'Rumelhart et al. 1986, Learning Representations by Back-Propagating Errors',
    equation: '(1), (2); the paper uses the logistic function for φ',
    url: 'https://doi.org/10.1038/323533a0',
  },
  options,
  parameters: (_, { input, hidden }) => ({
    kernel: { shape: [input, hidden], init: { type: 'glorot' }, decay: true },
    bias: { shape: [hidden], init: { type: 'zeros' }, decay: false },
  }),
  stateSizes: () => ({}),
  /** x [B,I] float32 -> output [B,H]; there is no state. */
  step: ({ activation }, params, x) => {
    const sum = tf.add(tf.matMul(x, tensor<Tensor2D>(params, 'kernel')), tensor(params, 'bias')) as Tensor2D
    return { output: activate(activation, sum), state: {} }
  },
  stateFrom: () => ({}),
}
