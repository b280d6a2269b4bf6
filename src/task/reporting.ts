import type { Sides } from '../data/types.js'
import { taskOf, tasks } from './index.js'
import { type LossMeasure, natsPerToken } from './types.js'

// What reports need to know about a task. A record may name a task that this version does not have.

/** What the reported losses of a task are measured in, its options filled in. */
export function lossMeasure(task: { readonly type: string }): LossMeasure {
  return tasks.find(task.type) === undefined ? natsPerToken : taskOf(task).lossMeasure
}

/** What a task's outputs are compared as. */
export type OutputKind = 'sequence' | 'labels' | 'label' | 'next-tokens' | 'numbers'

const outputKinds: Readonly<Record<Sides['target'], OutputKind>> = {
  tokens: 'sequence',
  labels: 'labels',
  label: 'label',
  none: 'next-tokens',
  values: 'numbers',
}

/**
 * `sequence`: an output of any length; `labels`: one for each source token; `label`: one for the whole source;
 * `next-tokens`: the most probable token at each place of the source, given those before it.
 */
export function outputKind({ type }: { readonly type: string }): OutputKind {
  return outputKinds[tasks.find(type)?.sides.target ?? 'tokens']
}

/** Whether a task's predictions are decoded step by step, rather than read off the model's outputs. */
export function decodesOutputs({ type }: { readonly type: string }): boolean {
  return tasks.find(type)?.decodes ?? false
}
