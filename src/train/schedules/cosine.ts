import Type from 'typebox'
import { defineSchedule } from './types.js'

export const cosine = defineSchedule({
  name: 'cosine',
  summary: 'Cosine decay of the learning rate.',
  equations: ['f(t) = f_min + (1 − f_min) (1 + cos(π (t − 1) / T)) / 2'],
  source: {
    paper: 'Loshchilov & Hutter 2017, SGDR: Stochastic Gradient Descent with Warm Restarts',
    equation: '(5), without restarts',
    url: 'https://arxiv.org/abs/1608.03983',
  },
  options: Type.Object({
    floor: Type.Number({ minimum: 0, maximum: 1, default: 0, description: 'Factor at the end of training.' }),
  }),
  build:
    ({ floor }) =>
    ({ step, totalSteps }) =>
      floor + ((1 - floor) * (1 + Math.cos((Math.PI * (step - 1)) / totalSteps))) / 2,
  problems: ({ floor }) => {
    if (floor < 1) return []
    const message = 'the learning rate would never change: it falls to all of what it was'
    return [{ path: 'floor', message, expected: 'below 1, or train.schedule: constant', received: `${floor}` }]
  },
})
