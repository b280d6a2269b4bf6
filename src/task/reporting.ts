import { tasks } from './index.js'
import type { LossMeasure, Task } from './types.js'

// What reports need to know about a task. A record may name a task that this version does not have.

const perToken: LossMeasure = { unit: 'nats', label: 'nats per token' }

function taskNamed(name: string): Task | undefined {
  const parts: Readonly<Record<string, Task>> = tasks.parts
  return parts[name]
}

/** What the reported losses of a task are measured in, its options filled in. */
export function lossMeasure(task: { readonly type: string }): LossMeasure {
  return taskNamed(task.type)?.lossMeasure?.(task) ?? perToken
}

/** Whether a task's predictions are decoded step by step, rather than read off the model's outputs. */
export function decodesOutputs({ type }: { readonly type: string }): boolean {
  return taskNamed(type)?.decodes ?? false
}
