import Type from 'typebox'
import { defineTeacherForcing } from './types.js'

export const ratio = defineTeacherForcing({
  name: 'ratio',
  summary: "Each previous symbol is the true one with a fixed probability, else the decoder's most probable one.",
  equations: ['ε(t) = p'],
  source: {
    paper: 'Bengio et al. 2015, Scheduled Sampling for Sequence Prediction',
    url: 'https://arxiv.org/abs/1506.03099',
  },
  options: Type.Object({
    ratio: Type.Number({ minimum: 0, maximum: 1, description: 'Probability that the true previous symbol is fed.' }),
  }),
  build:
    ({ ratio }) =>
    () =>
      ratio,
})
