import { isBytePiece } from '../../../core/pieces.js'
import type { SubwordState } from './state.js'

/** How much less probable than the least probable piece an unknown symbol is, in nats (as sentencepiece has it). */
const unknownPenalty = 10

/** A word's most probable pieces: argmax Σ log p(piece), symbol by symbol (Kudo 2018, section 3.2). */
export function mostProbable({ pieces, scores = [] }: SubwordState): (symbols: readonly string[]) => readonly string[] {
  // Bytes stand for what no other piece does: a text that is spelt like one is none.
  const known = new Map(pieces.flatMap((piece, id) => (isBytePiece(piece) ? [] : [[piece, scores[id] ?? 0] as const])))
  const longest = pieces.reduce((most, piece) => Math.max(most, [...piece].length), 1)
  const least = [...known.values()].reduce((low, score) => Math.min(low, score), 0) - unknownPenalty
  return (symbols) => {
    const best: { readonly score: number; readonly from: number }[] = [{ score: 0, from: 0 }]
    for (let end = 1; end <= symbols.length; end++) best.push(bestEnd(symbols, end, best, { known, longest, least }))
    const found: string[] = []
    for (let end = symbols.length; end > 0; end = best[end]?.from ?? 0) {
      found.push(symbols.slice(best[end]?.from, end).join(''))
    }
    return found.reverse()
  }
}

interface Known {
  readonly known: ReadonlyMap<string, number>
  readonly longest: number
  readonly least: number
}

/** The best way to a place; of equal ones that with the longest last piece. */
function bestEnd(
  symbols: readonly string[],
  end: number,
  best: readonly { readonly score: number }[],
  { known, longest, least }: Known,
): { readonly score: number; readonly from: number } {
  let found = { score: Number.NEGATIVE_INFINITY, from: end - 1 }
  for (let from = Math.max(0, end - longest); from < end; from++) {
    const own = known.get(symbols.slice(from, end).join('')) ?? (from === end - 1 ? least : undefined)
    if (own === undefined) continue
    const score = (best[from]?.score ?? 0) + own
    if (score > found.score) found = { score, from }
  }
  return found
}
