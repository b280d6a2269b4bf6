import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import type { Schedule } from '../parts.js'

export const linear: Schedule<typeof noOptions, Static<typeof noOptions>> = {
  name: 'linear',
  summary: 'The learning rate falls in a straight line to zero after the last step.',
  equations: ['f(t) = 1 − (t − 1) / T'],
  source: { paper: 'Standard practice; see Devlin et al. 2019, appendix A.2', url: 'https://arxiv.org/abs/1810.04805' },
  options: noOptions,
  factor: (_, step, totalSteps) => 1 - (step - 1) / totalSteps,
}
