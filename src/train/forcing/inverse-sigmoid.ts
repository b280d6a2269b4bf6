import Type from 'typebox'
import { defineTeacherForcing } from './types.js'

export const inverseSigmoid = defineTeacherForcing({
  name: 'inverse-sigmoid',
  summary: 'Scheduled sampling: the probability of the true symbol follows an inverse sigmoid.',
  equations: ['ε(t) = k / (k + exp((t − 1) / k))'],
  source: {
    paper: 'Bengio et al. 2015, Scheduled Sampling for Sequence Prediction',
    equation: 'section 2.4, inverse sigmoid decay',
    url: 'https://arxiv.org/abs/1506.03099',
  },
  options: Type.Object({
    k: Type.Number({
      minimum: 1,
      description: 'k: larger values decay later; the probability passes 0.5 after about k ln k steps.',
    }),
  }),
  build:
    ({ k }) =>
    ({ step }) =>
      k / (k + Math.exp((step - 1) / k)),
})
