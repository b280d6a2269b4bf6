import Type from 'typebox'
import { defineSchedule } from './types.js'

export const stepDecay = defineSchedule({
  name: 'step',
  summary: 'Multiplies the learning rate by a factor every n steps.',
  equations: ['f(t) = γ^⌊(t − 1) / n⌋'],
  source: { paper: 'Standard practice; see He et al. 2016, Deep Residual Learning, section 3.4' },
  options: Type.Object({
    every: Type.Integer({ minimum: 1, description: 'Steps between reductions.' }),
    factor: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.5, description: 'Factor of each reduction.' }),
  }),
  build:
    ({ every, factor }) =>
    ({ step }) =>
      factor ** Math.floor((step - 1) / every),
  problems: ({ every, factor }, totalSteps) => {
    if (factor === 1) {
      const message = 'the learning rate would never change: it is multiplied by 1'
      return [{ path: 'factor', message, expected: 'below 1, or train.schedule: constant', received: '1' }]
    }
    if (totalSteps === undefined || every < totalSteps) return []
    const message = `the learning rate would never change: it is reduced every ${every} steps, and training ends after ${totalSteps}`
    return [{ path: 'every', message, expected: `less than ${totalSteps}`, received: `${every}` }]
  },
})
