import { partSchema, registry } from '../../core/part.js'
import { always } from './always.js'
import { exponential } from './exponential.js'
import { inverseSigmoid } from './inverse-sigmoid.js'
import { linear } from './linear.js'
import { ratio } from './ratio.js'

export const forcings = registry('teacher-forcing schedule', {
  always,
  ratio,
  linear,
  exponential,
  'inverse-sigmoid': inverseSigmoid,
})
export const ForcingChoice = partSchema(forcings, {
  default: 'always',
  description: 'How often the decoder is fed the true previous symbol in training, decided symbol by symbol.',
})
