import { randomStream } from '../core/random.js'
import type { TrueAlignment } from '../data/alignment.js'
import type { Split } from '../data/types.js'

// Alignments, and scores of texts symbol by symbol, are larger than everything else of a prediction: a few keep them.

/** `sampled`: drawn at random, the same for every model of the same data; `mistake`: one of the worst. */
export type Kept = 'sampled' | 'mistake'

/** Of a split, of each kind. */
const each = 25

/** Drawn by the size of the split alone, in its order: so models of the same data can be compared on them. */
export function sampledOf(size: number): ReadonlySet<number> {
  const all = Array.from({ length: size }, (_, index) => index)
  const drawn = randomStream(0, 'samples', 'kept').shuffle(all).slice(0, each)
  return new Set(drawn.sort((a, b) => a - b))
}

/** The examples that cost most, but for those that cost nothing and those of another kind; of equal ones the first. */
export function worstOf(costs: readonly number[], apart: ReadonlySet<number>): ReadonlySet<number> {
  const wrong = costs.flatMap((cost, index) => (cost > 0 && !apart.has(index) ? [{ cost, index }] : []))
  const worst = wrong.sort((a, b) => b.cost - a.cost || a.index - b.index).slice(0, each)
  return new Set(worst.map(({ index }) => index))
}

export function trueAlignmentOf({ alignments }: Split, index: number): { readonly trueAlignment?: TrueAlignment } {
  const trueAlignment = alignments?.[index]
  return trueAlignment === undefined ? {} : { trueAlignment }
}
