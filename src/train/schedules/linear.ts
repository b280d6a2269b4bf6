import { noOptions } from '../../core/part.js'
import { defineSchedule } from './types.js'

export const linear = defineSchedule({
  name: 'linear',
  summary: 'Linear decay of the learning rate to zero after the last step.',
  equations: ['f(t) = 1 − (t − 1) / T'],
  source: { paper: 'Standard practice; see Devlin et al. 2019, appendix A.2', url: 'https://arxiv.org/abs/1810.04805' },
  options: noOptions,
  build:
    () =>
    ({ step, totalSteps }) =>
      1 - (step - 1) / totalSteps,
})
