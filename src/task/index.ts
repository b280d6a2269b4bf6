import { partSchema, registry } from '../core/part.js'
import { classify } from './classify.js'
import { forecast } from './forecast.js'
import { generate } from './generate.js'
import { languageModel } from './language-model.js'
import { tag } from './tag.js'
import { transduce } from './transduce.js'

export const tasks = registry('task', {
  tag,
  classify,
  generate,
  transduce,
  'language-model': languageModel,
  forecast,
})
export const TaskChoice = partSchema(tasks, { description: 'The shape of the problem.' })
