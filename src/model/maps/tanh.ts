import Type, { type Static } from 'typebox'
import { sizeSchema } from '../../core/part.js'
import { tf } from '../../core/tf.js'
import { dense, denseParameters } from './dense.js'
import type { VectorMap } from './types.js'

const options = Type.Object({ size: sizeSchema('Size of the result.', { default: 128 }) })

export const tanh: VectorMap<typeof options, Static<typeof options>> = {
  name: 'tanh',
  summary: 'A linear map with a bias, through tanh.',
  equations: ['y = tanh(x W + b)'],
  symbols: {
    x: ['I'],
    y: ['O'],
    W: ['I', 'O'],
    b: ['O'],
  },
  source: {
    paper: 'Cho et al. 2014, Learning Phrase Representations using RNN Encoder-Decoder',
    equation: 'c = tanh(V h_N), appendix A.1.1; a bias is added',
    url: 'https://arxiv.org/abs/1406.1078',
  },
  options,
  size: ({ size }) => size,
  parameters: ({ size }, input) => denseParameters(input, size),
  apply: (_, params, x) => tf.tanh(dense(params, x)),
}
