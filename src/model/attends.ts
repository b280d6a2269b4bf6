import type { ModelOptions } from './options.js'

/** Whether a model gives alignments: a row for each symbol that it puts out, a weight for each source step. */
export function attends({ context }: Pick<ModelOptions, 'context'>): boolean {
  return context?.from === 'attention'
}
