import { registry } from '../core/part.js'
import { classify } from './classify.js'
import { forecast } from './forecast.js'
import { generate } from './generate.js'
import { languageModel } from './language-model.js'
import { tag } from './tag.js'
import { transduce } from './transduce.js'
import type { Task, TaskPart } from './types.js'

export const tasks = registry('task', {
  tag,
  classify,
  generate,
  transduce,
  'language-model': languageModel,
  forecast,
})

/** The task that a spec's `task` names, its options bound. Throws SeqlabError 'spec' where there is none of that name. */
export function taskOf(choice: { readonly type: string }): Task {
  const part: TaskPart = tasks.get(choice.type)
  return part.build(choice)
}
