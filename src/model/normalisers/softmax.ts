import { mul, softmax as softmaxOf, sub, sum } from '../../core/ops.js'
import { noOptions } from '../../core/part.js'
import { defineNormaliser } from './types.js'

export const softmax = defineNormaliser({
  name: 'softmax',
  summary: 'Every step that is not padding gets a positive weight.',
  equations: ['α_s = exp(e_s) / Σ_r exp(e_r)'],
  source: {
    paper: 'Bridle 1990, Probabilistic Interpretation of Feedforward Classification Network Outputs',
    url: 'https://doi.org/10.1007/978-3-642-76153-9_28',
  },
  options: noOptions,
  build: () => ({
    normalise: (scores) => softmaxOf(scores),
    /** de = α ⊙ (dα − Σ_s α dα). */
    backward: (alignment, gradient) => {
      const product = mul(alignment, gradient)
      return sub(product, mul(alignment, sum(product, 1, true)))
    },
  }),
})
