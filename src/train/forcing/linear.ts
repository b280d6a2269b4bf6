import Type, { type Static } from 'typebox'
import type { Forcing } from '../parts.js'

const share = (description: string, byDefault: number) =>
  Type.Number({ minimum: 0, maximum: 1, default: byDefault, description })

const options = Type.Object({
  from: share('Probability at the first step.', 1),
  to: share('Probability at the last step.', 0.5),
})

export const linear: Forcing<typeof options, Static<typeof options>> = {
  name: 'linear',
  summary: 'Scheduled sampling: the probability of the true symbol changes in a straight line over all steps.',
  equations: ['ε(t) = a + (b − a) (t − 1) / (T − 1)'],
  source: {
    paper: 'Bengio et al. 2015, Scheduled Sampling for Sequence Prediction',
    equation: 'section 2.4, linear decay',
    url: 'https://arxiv.org/abs/1506.03099',
  },
  options,
  probability: ({ from, to }, step, totalSteps) => from + ((to - from) * (step - 1)) / Math.max(1, totalSteps - 1),
}
