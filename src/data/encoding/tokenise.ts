import { dataError } from '../data-error.js'
import type { DataOptions } from '../options.js'
import type { RawExample } from '../sources/types.js'
import { tokenizers } from '../tokenizers/index.js'
import type { Sides } from '../types.js'

/** An example as tokens. */
export interface TokenExample {
  readonly source: readonly string[]
  readonly target: readonly string[]
}

/** Adds to a count by name. */
export type Tally = (name: string, more?: number) => void

export function tallyInto(counts: Record<string, number>): Tally {
  return (name, more = 1) => {
    counts[name] = (counts[name] ?? 0) + more
  }
}

/** Raw examples as tokens. Those with an empty side are left out and counted; labels must fit their source's tokens. */
export function tokenise(
  examples: readonly RawExample[],
  options: DataOptions,
  sides: Sides,
  dropped: Tally,
): TokenExample[] {
  const toSource = tokensOf(options.sourceTokens)
  const toTarget = sides.target === 'label' ? wholeText : tokensOf(options.targetTokens)
  return examples.flatMap((example) => {
    const source = toSource(example.source)
    const target = sides.target === 'none' ? source : toTarget(example.target)
    if (source.length === 0) dropped('empty source')
    else if (target.length === 0) dropped('empty target')
    if (sides.target === 'labels' && source.length !== target.length) {
      throw dataError(example.where, 'each source token needs one label', {
        expected: `${source.length} labels for ${JSON.stringify(example.source)}`,
        received: `${target.length} in ${JSON.stringify(example.target)}`,
      })
    }
    return source.length === 0 || target.length === 0 ? [] : [{ source, target }]
  })
}

/** What joins tokens again for people. */
export function joinerOf(tokens: DataOptions['sourceTokens']): string {
  return tokens === undefined ? ' ' : tokenizers.get(tokens.type).joiner
}

/** A side's text as tokens, as its options ask for; without options a whole text is one token. */
export function tokensOf(options: DataOptions['sourceTokens']): (text: string) => readonly string[] {
  if (options === undefined) return wholeText
  const tokenize = tokenizers.build(options)
  return (text) => tokenize(options.lowercase ? text.toLowerCase() : text)
}

function wholeText(text: string): readonly string[] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : [trimmed]
}
