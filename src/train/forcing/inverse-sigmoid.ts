import Type, { type Static } from 'typebox'
import type { Forcing } from '../parts.js'

const options = Type.Object({
  k: Type.Number({
    minimum: 1,
    description: 'k: how late the probability falls; it passes one half at about k ln k steps.',
  }),
})

export const inverseSigmoid: Forcing<typeof options, Static<typeof options>> = {
  name: 'inverse-sigmoid',
  summary: 'Scheduled sampling: the probability of the true symbol falls late and then fast.',
  equations: ['ε(t) = k / (k + exp((t − 1) / k))'],
  source: {
    paper: 'Bengio et al. 2015, Scheduled Sampling for Sequence Prediction',
    equation: 'section 2.4, inverse sigmoid decay',
    url: 'https://arxiv.org/abs/1506.03099',
  },
  options,
  probability: ({ k }, step) => k / (k + Math.exp((step - 1) / k)),
}
