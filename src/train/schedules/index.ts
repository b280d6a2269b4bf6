import { partSchema, registry } from '../../core/part.js'
import { constant } from './constant.js'
import { cosine } from './cosine.js'
import { inverseSquareRoot } from './inverse-square-root.js'
import { linear } from './linear.js'
import { plateau } from './plateau.js'
import { stepDecay } from './step-decay.js'

export const schedules = registry('learning-rate schedule', {
  constant,
  linear,
  step: stepDecay,
  cosine,
  'inverse-square-root': inverseSquareRoot,
  plateau,
})
export const ScheduleChoice = partSchema(schedules, {
  default: 'constant',
  description: 'Learning-rate schedule.',
})
