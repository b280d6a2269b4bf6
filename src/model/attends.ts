import { headGives } from './heads/index.js'
import type { ModelOptions } from './options.js'

/** Whether a model gives alignments: a row for each symbol that it puts out, a weight for each source step. */
export function attends({ context, head }: Pick<ModelOptions, 'context' | 'head'>): boolean {
  return context?.from === 'attention' || headGives(head).aligns
}
