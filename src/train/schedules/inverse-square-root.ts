import Type, { type Static } from 'typebox'
import type { Schedule } from '../parts.js'

const options = Type.Object({
  from: Type.Integer({ minimum: 1, default: 4000, description: 'The step up to which the factor is 1.' }),
})

export const inverseSquareRoot: Schedule<typeof options, Static<typeof options>> = {
  name: 'inverse-square-root',
  summary:
    'The learning rate falls with the square root of the step (with `warmup` of the same length: Vaswani et al.).',
  equations: ['f(t) = √(n / max(t, n))'],
  source: {
    paper: 'Vaswani et al. 2017, Attention Is All You Need',
    equation: '(3)',
    url: 'https://arxiv.org/abs/1706.03762',
  },
  options,
  factor: ({ from }, step) => Math.sqrt(from / Math.max(step, from)),
}
