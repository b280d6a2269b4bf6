import Type from 'typebox'
import { tanh as hyperbolicTangent } from '../../core/ops.js'
import { sizeSchema } from '../../core/part.js'
import { units } from '../axes.js'
import { dense, denseParameters } from './dense.js'
import { defineMap, vectorMap } from './types.js'

export const tanh = defineMap({
  name: 'tanh',
  summary: 'A linear map with a bias, followed by tanh.',
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
  options: Type.Object({ size: sizeSchema('Size of the result.', { default: 128 }) }),
  build: ({ size }, input) => {
    const output = units('O', size)
    return vectorMap({
      parameters: denseParameters(input, output),
      output,
      apply: (p, x) => hyperbolicTangent(dense(p, x)),
    })
  },
})
