import Type from 'typebox'
import { defineSchedule } from './types.js'

export const inverseSquareRoot = defineSchedule({
  name: 'inverse-square-root',
  summary: 'Inverse square root decay of the learning rate (with `warmup` of the same length: Vaswani et al.).',
  equations: ['f(t) = √(n / max(t, n))'],
  source: {
    paper: 'Vaswani et al. 2017, Attention Is All You Need',
    equation: '(3)',
    url: 'https://arxiv.org/abs/1706.03762',
  },
  options: Type.Object({
    from: Type.Integer({ minimum: 1, default: 4000, description: 'Step at which the decay starts.' }),
  }),
  build:
    ({ from }) =>
    ({ step }) =>
      Math.sqrt(from / Math.max(step, from)),
  problems: ({ from }, totalSteps) => {
    if (totalSteps === undefined || from < totalSteps) return []
    const message = `the learning rate would never decay: that starts at step ${from}, and training ends after ${totalSteps}`
    return [{ path: 'from', message, expected: `less than ${totalSteps}`, received: `${from}` }]
  },
})
