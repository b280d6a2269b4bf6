import { byCodePoints } from '../../../core/code-points.js'
import { isReserved } from './learning.js'

/** Symbols of a piece at most. */
const longestPiece = 16
/** Symbols of a word that are learned from together: probabilities of longer ones are smaller than numbers can be. */
const longestWord = 32
/** How many more pieces than asked for there are to begin with. */
const seedsPerPiece = 10

/** A piece in a word: from one place to another, as an index of a piece. */
export interface Edge {
  readonly from: number
  readonly to: number
  readonly piece: number
}

/** A word as the pieces that it can be cut into, in order of where they end; `length` in symbols. */
export interface Lattice {
  readonly count: number
  readonly length: number
  readonly edges: readonly Edge[]
}

export type CountedWords = readonly (readonly [word: string, count: number])[]

/** Words in parts that are not too long to be learned from. */
export function shortWords(words: CountedWords): CountedWords {
  return words.flatMap(([word, count]) => {
    const symbols = [...word]
    if (symbols.length <= longestWord) return [[word, count] as const]
    const parts = Math.ceil(symbols.length / longestWord)
    return Array.from({ length: parts }, (_, at) => {
      return [symbols.slice(at * longestWord, (at + 1) * longestWord).join(''), count] as const
    })
  })
}

/**
 * Pieces to begin with, and how often each is there: the alphabet, then strings within words that are there twice or more,
 * by falling frequency times length, equal ones by code points.
 */
export function seedsOf(
  words: CountedWords,
  alphabet: ReadonlyMap<string, number>,
  size: number,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const [word, count] of words) eachPart([...word], (part) => counts.set(part, (counts.get(part) ?? 0) + count))
  const found = [...counts].filter(([part, count]) => count > 1 && !isReserved(part))
  const ranked = found.map(([part, count]) => ({ part, count, rank: count * [...part].length }))
  ranked.sort((a, b) => b.rank - a.rank || byCodePoints(a.part, b.part))
  const kept = ranked.slice(0, size * seedsPerPiece).map(({ part, count }) => [part, count] as const)
  return new Map([...alphabet, ...kept])
}

/** Parts of two symbols and more. */
function eachPart(symbols: readonly string[], found: (part: string) => void): void {
  for (let from = 0; from < symbols.length; from++) {
    let part = symbols[from] ?? ''
    for (let to = from + 1; to < Math.min(symbols.length, from + longestPiece); to++) {
      part += symbols[to]
      found(part)
    }
  }
}

/** All ways of cutting words into pieces. */
export function latticesOf(words: CountedWords, indexOf: ReadonlyMap<string, number>): Lattice[] {
  return words.map(([word, count]) => latticeOf(word, count, indexOf))
}

/** The same lattices without the pieces whose new index is below 0. */
export function renumbered(lattices: readonly Lattice[], newIndex: Int32Array): Lattice[] {
  return lattices.map(({ edges, ...rest }) => {
    const kept: Edge[] = []
    for (const { from, to, piece } of edges) {
      const index = newIndex[piece] ?? -1
      if (index >= 0) kept.push({ from, to, piece: index })
    }
    return { ...rest, edges: kept }
  })
}

export function latticeOf(word: string, count: number, indexOf: ReadonlyMap<string, number>): Lattice {
  const symbols = [...word]
  const edges: Edge[] = []
  for (let to = 1; to <= symbols.length; to++) {
    for (let from = Math.max(0, to - longestPiece); from < to; from++) {
      const piece = indexOf.get(symbols.slice(from, to).join(''))
      if (piece !== undefined) edges.push({ from, to, piece })
    }
  }
  return { count, length: symbols.length, edges }
}
