import { partSchema, registry } from '../core/part.js'
import { transduce } from './transduce.js'

export const tasks = registry('task', { transduce })
export const TaskChoice = partSchema(tasks, { description: 'The shape of the problem.' })
