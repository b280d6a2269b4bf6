import Type from 'typebox'
import { tanh } from '../../core/ops.js'
import { sizeSchema } from '../../core/part.js'
import { units } from '../axes.js'
import { dense, denseParameters } from './dense.js'
import { defineMap, vectorMap } from './types.js'

export const mlp = defineMap({
  name: 'mlp',
  summary: 'A perceptron with one hidden tanh layer and a linear output.',
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
  options: Type.Object({
    size: sizeSchema('Size of the result.', { default: 128 }),
    hidden: sizeSchema('Size of the hidden layer.', { default: 128 }),
  }),
  build: ({ size, hidden }, input) => {
    const [between, output] = [units('R', hidden), units('O', size)]
    return vectorMap({
      parameters: { hidden: denseParameters(input, between), output: denseParameters(between, output) },
      output,
      apply: (p, x) => dense(p.output, tanh(dense(p.hidden, x))),
    })
  },
})
