import Type from 'typebox'
import { defineTeacherForcing } from './types.js'

export const exponential = defineTeacherForcing({
  name: 'exponential',
  summary: 'Scheduled sampling: the probability of the true symbol decays exponentially.',
  equations: ['ε(t) = kᵗ⁻¹'],
  source: {
    paper: 'Bengio et al. 2015, Scheduled Sampling for Sequence Prediction',
    equation: 'section 2.4, exponential decay',
    url: 'https://arxiv.org/abs/1506.03099',
  },
  options: Type.Object({
    base: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description: 'k: decay factor per step.' }),
  }),
  build:
    ({ base }) =>
    ({ step }) =>
      base ** (step - 1),
})
