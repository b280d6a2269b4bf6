import { tokenizers } from '../data/tokenizers/index.js'
import type { Spec } from '../spec/types.js'

export interface Joiners {
  readonly source: string
  readonly target: string
}

/** How a spec's tokens are joined again for people: by its tokenizers, else by a space. */
export function joinersOf({ data }: Pick<Spec, 'data'>): Joiners {
  const joiner = (choice: { readonly type?: string } | undefined) =>
    (choice?.type === undefined ? undefined : tokenizers.find(choice.type)?.joiner) ?? ' '
  return { source: joiner(data.sourceTokens), target: joiner(data.targetTokens) }
}
