import { isBytePiece } from '../../../core/pieces.js'
import { heap } from './heap.js'
import type { SubwordState } from './state.js'

/** A word's symbols, merged: piece by piece as strings; a symbol that is in no merge stays as it is. */
export type Merge = (symbols: readonly string[]) => readonly string[]

/** Whether, and how early, two neighbours are merged: the lowest rank first. */
type RankOf = (left: string, right: string) => number | undefined

interface Candidate {
  readonly rank: number
  readonly at: number
  readonly left: string
  readonly right: string
}

/**
 * Byte pair encoding: of all neighbours that a merge is of, those of the earliest merge are merged, the leftmost first,
 * until there are none (Sennrich et al. 2016, section 3.2).
 */
export function merger(state: SubwordState): Merge {
  const rankOf = state.merges === undefined ? ranksByScore(state) : ranksByStep(state)
  return (symbols) => mergeAll(symbols, rankOf)
}

function ranksByStep({ pieces, merges = [] }: SubwordState): RankOf {
  const ranks = new Map<string, Map<string, number>>()
  for (const [rank, [left, right]] of merges.entries()) {
    const of = ranks.get(pieces[left] ?? '') ?? new Map<string, number>()
    if (!of.has(pieces[right] ?? '')) of.set(pieces[right] ?? '', rank)
    ranks.set(pieces[left] ?? '', of)
  }
  return (left, right) => ranks.get(left)?.get(right)
}

function ranksByScore({ pieces, scores = [] }: SubwordState): RankOf {
  const ranks = new Map(
    pieces.flatMap((piece, id) => (isBytePiece(piece) ? [] : [[piece, -(scores[id] ?? 0)] as const])),
  )
  return (left, right) => ranks.get(left + right)
}

function mergeAll(symbols: readonly string[], rankOf: RankOf): readonly string[] {
  if (symbols.length < 2) return symbols
  const texts: (string | undefined)[] = [...symbols]
  const next = symbols.map((_, at) => at + 1)
  const before = symbols.map((_, at) => at - 1)
  const waiting = heap<Candidate>((a, b) => a.rank < b.rank || (a.rank === b.rank && a.at < b.at))
  const consider = (at: number) => {
    const [left, right] = [texts[at], texts[next[at] ?? -1]]
    const rank = left === undefined || right === undefined ? undefined : rankOf(left, right)
    if (rank !== undefined) waiting.push({ rank, at, left: left ?? '', right: right ?? '' })
  }
  for (const at of symbols.keys()) consider(at)
  for (let found = waiting.pop(); found !== undefined; found = waiting.pop()) {
    const { at, left, right } = found
    const second = next[at] ?? -1
    // One of the two has become part of another piece.
    if (texts[at] !== left || texts[second] !== right) continue
    texts[at] = left + right
    texts[second] = undefined
    const after = next[second] ?? -1
    next[at] = after
    before[after] = at
    consider(at)
    consider(before[at] ?? -1)
  }
  return texts.filter((text) => text !== undefined)
}
