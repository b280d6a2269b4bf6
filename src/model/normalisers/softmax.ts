import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import { tf } from '../../core/tf.js'
import type { Normaliser } from './types.js'

export const softmax: Normaliser<typeof noOptions, Static<typeof noOptions>> = {
  name: 'softmax',
  summary: 'Every real step gets some weight.',
  equations: ['α_s = exp(e_s) / Σ_r exp(e_r)'],
  source: {
    paper: 'Bridle 1990, Probabilistic Interpretation of Feedforward Classification Network Outputs',
    url: 'https://doi.org/10.1007/978-3-642-76153-9_28',
  },
  options: noOptions,
  normalise: (_, scores) => tf.softmax(scores),
}
