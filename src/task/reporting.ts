import { taskOf, tasks } from './index.js'
import { type LossMeasure, natsPerToken } from './types.js'

// What reports need to know about a task. A record may name a task that this version does not have.

/** What the reported losses of a task are measured in, its options filled in. */
export function lossMeasure(task: { readonly type: string }): LossMeasure {
  return tasks.find(task.type) === undefined ? natsPerToken : taskOf(task).lossMeasure
}

/** Whether a task's predictions are decoded step by step, rather than read off the model's outputs. */
export function decodesOutputs({ type }: { readonly type: string }): boolean {
  return tasks.find(type)?.decodes ?? false
}
