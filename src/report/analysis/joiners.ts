import { tokenizers } from '../../data/tokenizers/index.js'

export interface Joiners {
  readonly source: string
  readonly target: string
}

interface Tokenized {
  readonly sourceTokens?: { readonly type?: string }
  readonly targetTokens?: { readonly type?: string }
}

/** The strings that join a spec's tokens for display: its tokenizers', else a space. */
export function joinersOf({ data }: { readonly data: Tokenized }): Joiners {
  const joiner = (choice: { readonly type?: string } | undefined) =>
    (choice?.type === undefined ? undefined : tokenizers.find(choice.type)?.joiner) ?? ' '
  return { source: joiner(data.sourceTokens), target: joiner(data.targetTokens) }
}
