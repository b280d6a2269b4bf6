import Type, { type Static } from 'typebox'
import type { Schedule } from '../parts.js'

const options = Type.Object({
  floor: Type.Number({ minimum: 0, maximum: 1, default: 0, description: 'The factor that the last steps approach.' }),
})

export const cosine: Schedule<typeof options, Static<typeof options>> = {
  name: 'cosine',
  summary: 'The learning rate falls along half a cosine wave.',
  equations: ['f(t) = f_min + (1 − f_min) (1 + cos(π (t − 1) / T)) / 2'],
  source: {
    paper: 'Loshchilov & Hutter 2017, SGDR: Stochastic Gradient Descent with Warm Restarts',
    equation: '(5), without restarts',
    url: 'https://arxiv.org/abs/1608.03983',
  },
  options,
  factor: ({ floor }, step, totalSteps) =>
    floor + ((1 - floor) * (1 + Math.cos((Math.PI * (step - 1)) / totalSteps))) / 2,
}
