import Type, { type Static } from 'typebox'
import type { Forcing } from '../parts.js'

const options = Type.Object({
  ratio: Type.Number({ minimum: 0, maximum: 1, description: 'Probability that the true previous symbol is fed.' }),
})

export const ratio: Forcing<typeof options, Static<typeof options>> = {
  name: 'ratio',
  summary: 'Each previous symbol is the true one with a fixed probability, else what the decoder finds most probable.',
  equations: ['ε(t) = p'],
  source: {
    paper: 'Bengio et al. 2015, Scheduled Sampling for Sequence Prediction',
    url: 'https://arxiv.org/abs/1506.03099',
  },
  options,
  probability: (chosen) => chosen.ratio,
}
