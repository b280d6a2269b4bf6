import { headGives } from './heads/index.js'
import type { FeaturesOptions, ModelOptions } from './options.js'

/** Whether a model gives alignments: a row for each symbol that it puts out, a weight for each source step. */
export function attends({ context, head }: Pick<ModelOptions, 'context' | 'head'>): boolean {
  return context?.from === 'attention' || headGives(head).aligns
}

/** What an alignment's columns are: the source's symbols, after the features where these are positions of the source too. */
export function attendedSymbols(
  { source, features = [] }: { readonly source: readonly string[]; readonly features?: readonly string[] },
  options: FeaturesOptions | undefined,
): readonly string[] {
  return options?.join.type === 'source' ? [...features, ...source] : source
}
