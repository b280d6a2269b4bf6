import { partSchema, registry } from '../../core/part.js'
import { always } from './always.js'
import { exponential } from './exponential.js'
import { inverseSigmoid } from './inverse-sigmoid.js'
import { linear } from './linear.js'
import { ratio } from './ratio.js'

export const teacherForcings = registry('teacher-forcing schedule', {
  always,
  ratio,
  linear,
  exponential,
  'inverse-sigmoid': inverseSigmoid,
})
export const TeacherForcingChoice = partSchema(teacherForcings, {
  default: 'always',
  description: 'How often the decoder is fed the true previous symbol in training, drawn for each symbol.',
})
