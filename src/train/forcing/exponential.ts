import Type, { type Static } from 'typebox'
import type { Forcing } from '../parts.js'

const options = Type.Object({
  base: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description: 'k: what each step multiplies by.' }),
})

export const exponential: Forcing<typeof options, Static<typeof options>> = {
  name: 'exponential',
  summary: 'Scheduled sampling: the probability of the true symbol decays exponentially.',
  equations: ['ε(t) = kᵗ⁻¹'],
  source: {
    paper: 'Bengio et al. 2015, Scheduled Sampling for Sequence Prediction',
    equation: 'section 2.4, exponential decay',
    url: 'https://arxiv.org/abs/1506.03099',
  },
  options,
  probability: ({ base }, step) => base ** (step - 1),
}
