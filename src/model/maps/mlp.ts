import Type, { type Static } from 'typebox'
import { sizeSchema } from '../../core/part.js'
import { tf } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { dense, denseParameters } from './dense.js'
import type { VectorMap } from './types.js'

const options = Type.Object({
  size: sizeSchema('Size of the result.', { default: 128 }),
  hidden: sizeSchema('Size of the hidden layer.', { default: 128 }),
})

export const mlp: VectorMap<typeof options, Static<typeof options>> = {
  name: 'mlp',
  summary: 'A perceptron with one hidden tanh layer and a linear result.',
  equations: ['y = tanh(x W_1 + b_1) W_2 + b_2'],
  symbols: {
    x: ['I'],
    y: ['O'],
    W_1: ['I', 'R'],
    b_1: ['R'],
    W_2: ['R', 'O'],
    b_2: ['O'],
  },
  source: {
    paper: 'Rumelhart et al. 1986, Learning Representations by Back-propagating Errors',
    url: 'https://doi.org/10.1038/323533a0',
  },
  options,
  size: ({ size }) => size,
  parameters: ({ size, hidden }, input) => ({
    hidden: denseParameters(input, hidden),
    output: denseParameters(hidden, size),
  }),
  apply: (_, params, x) => dense(subtree(params, 'output'), tf.tanh(dense(subtree(params, 'hidden'), x))),
}
