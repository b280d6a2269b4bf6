import { partSchema, registry } from '../../core/part.js'
import { constant } from './constant.js'
import { linear } from './linear.js'

export const schedules = registry('schedule', { constant, linear })
export const ScheduleChoice = partSchema(schedules, {
  default: 'constant',
  description: 'How the learning rate changes.',
})
