import { partSchema, registry } from '../../core/part.js'
import { constant } from './constant.js'
import { cosine } from './cosine.js'
import { inverseSquareRoot } from './inverse-square-root.js'
import { linear } from './linear.js'
import { plateau } from './plateau.js'
import { step } from './step-decay.js'

export const schedules = registry('schedule', {
  constant,
  linear,
  step,
  cosine,
  'inverse-square-root': inverseSquareRoot,
  plateau,
})
export const ScheduleChoice = partSchema(schedules, {
  default: 'constant',
  description: 'How the learning rate changes.',
})
