import Type from 'typebox'
import { dense, denseParameters } from '../maps/dense.js'
import { ActivationChoice, activate } from './activation.js'
import { cell, defineCell } from './types.js'

export const feedForward = defineCell({
  name: 'feed-forward',
  summary: 'No recurrence: a baseline that cannot use context.',
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
  options: Type.Object({ activation: ActivationChoice }),
  build: ({ activation }, { input, hidden }) =>
    cell({
      parameters: denseParameters(input, hidden),
      state: {},
      project: (p, x) => dense(p, x),
      step: (_, projected) => ({ output: activate(activation, projected), state: {}, residuals: {} }),
    }),
})
