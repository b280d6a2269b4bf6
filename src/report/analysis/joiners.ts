import { tokenizers } from '../../data/tokenizers/index.js'
import type { Spec } from '../../spec/types.js'

export interface Joiners {
  readonly source: string
  readonly target: string
}

/** The strings that join a spec's tokens for display: its tokenizers', else a space. */
export function joinersOf({ data }: Pick<Spec, 'data'>): Joiners {
  const joiner = (choice: { readonly type?: string } | undefined) =>
    (choice?.type === undefined ? undefined : tokenizers.find(choice.type)?.joiner) ?? ' '
  return { source: joiner(data.sourceTokens), target: joiner(data.targetTokens) }
}
