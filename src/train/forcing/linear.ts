import Type from 'typebox'
import { defineTeacherForcing } from './types.js'

const probability = (description: string, byDefault: number) =>
  Type.Number({ minimum: 0, maximum: 1, default: byDefault, description })

export const linear = defineTeacherForcing({
  name: 'linear',
  summary: 'Scheduled sampling: the probability of the true symbol changes linearly over all steps.',
  equations: ['ε(t) = a + (b − a) (t − 1) / (T − 1)'],
  source: {
    paper: 'Bengio et al. 2015, Scheduled Sampling for Sequence Prediction',
    equation: 'section 2.4, linear decay',
    url: 'https://arxiv.org/abs/1506.03099',
  },
  options: Type.Object({
    from: probability('Probability at the first step.', 1),
    to: probability('Probability at the last step.', 0.5),
  }),
  build:
    ({ from, to }) =>
    ({ step, totalSteps }) =>
      from + ((to - from) * (step - 1)) / Math.max(1, totalSteps - 1),
  problems: ({ from, to }) => {
    if (from !== to) return []
    const message = `the probability would never change: it is ${from} at the first step and at the last one`
    const expected = from === 1 ? 'another number, or train.teacherForcing: always' : 'another number'
    const hint = `A fixed probability is { type: ratio, ratio: ${from} }.`
    return [{ path: 'to', message, expected, received: `${to}`, hint }]
  },
})
