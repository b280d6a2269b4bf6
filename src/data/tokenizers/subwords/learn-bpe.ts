import { type Heap, heap } from './heap.js'
import {
  alphabetOf,
  bytePieces,
  defaultSize,
  isReserved,
  type LearnerOptions,
  refuseTooLarge,
  refuseTooSmall,
  wordCounts,
} from './learning.js'
import { ownTextRules, type SubwordState } from './state.js'

/** A word as ids of pieces, and how often it is there. */
interface Word {
  ids: number[]
  readonly count: number
}

/** Two pieces that are next to each other: how often, and in which words. */
interface Pair {
  readonly left: number
  readonly right: number
  count: number
  readonly words: Set<number>
}

interface Waiting {
  readonly pair: Pair
  /** As it was when the pair was put here. */
  readonly count: number
}

/** Ids are below 2^26: two of them are one safe integer. */
const keyBase = 2 ** 26

/**
 * Learns byte pair encoding from texts: from characters on, the most frequent pair of neighbouring pieces within words
 * becomes a piece, until there are `vocabularySize` (Sennrich et al. 2016, algorithm 1). Of pairs that are equally
 * frequent the one whose first piece has the lowest id goes first, then the lowest second one; ids are the characters' in
 * order of code points, then those of pieces as they were learned. Throws SeqlabError 'data' at `place` for a size that
 * cannot be had.
 */
export function learnBpe(options: LearnerOptions, texts: Iterable<string>, place: string): SubwordState {
  const counted = wordCounts(texts)
  const bytes = bytePieces(options)
  const alphabet = [...alphabetOf(counted).keys()]
  refuseTooSmall(place, options, alphabet.length)
  const pieces = [...bytes, ...alphabet]
  const learner = learnerOf(pieces, counted)
  const merges: [number, number][] = []
  for (const size = options.vocabularySize ?? defaultSize; pieces.length < size; ) {
    const pair = learner.next()
    if (pair === undefined) break
    merges.push([pair.left, pair.right])
  }
  refuseTooLarge(place, options, pieces.length)
  const { byteFallback } = options
  return { algorithm: 'bpe', pieces, merges, byteFallback, fuseUnknown: true, text: ownTextRules }
}

/** Merges the next pair in all words, and adds its piece to `pieces`. */
function learnerOf(pieces: string[], counted: readonly (readonly [string, number])[]) {
  const idOf = new Map(pieces.map((piece, id) => [piece, id]))
  const words = counted.map(([word, count]): Word => ({ ids: Array.from(word, (each) => idOf.get(each) ?? -1), count }))
  const pairs = new Map<number, Pair>()
  const waiting = heap<Waiting>(isBefore)
  const change = changer(pairs)
  for (const [at, { ids, count }] of words.entries()) {
    for (let place = 1; place < ids.length; place++) change(ids[place - 1] ?? -1, ids[place] ?? -1, count, at)
  }
  for (const pair of pairs.values()) waiting.push({ pair, count: pair.count })
  return {
    next(): Pair | undefined {
      const pair = mostFrequent(waiting, (each) => !isReserved(textOf(each)))
      if (pair === undefined) return undefined
      const text = textOf(pair)
      const known = idOf.get(text)
      const id = known ?? pieces.push(text) - 1
      idOf.set(text, id)
      const grown = new Set<Pair>()
      for (const at of pair.words) {
        const word = words[at]
        if (word !== undefined) mergeIn(word, pair, id, (left, right, by) => grown.add(change(left, right, by, at)))
      }
      pair.count = 0
      pair.words.clear()
      for (const each of grown) if (each.count > 0) waiting.push({ pair: each, count: each.count })
      return pair
    },
  }
  function textOf({ left, right }: Pair): string {
    return (pieces[left] ?? '') + (pieces[right] ?? '')
  }
}

function isBefore({ pair: a, count }: Waiting, { pair: b, count: other }: Waiting): boolean {
  if (count !== other) return count > other
  return a.left < b.left || (a.left === b.left && a.right < b.right)
}

/** Adds to how often a pair is there. A character without an id is in no pair. */
function changer(pairs: Map<number, Pair>) {
  return (left: number, right: number, by: number, word: number): Pair => {
    const key = left * keyBase + right
    const pair = pairs.get(key) ?? { left, right, count: 0, words: new Set() }
    if (left < 0 || right < 0) return pair
    pairs.set(key, pair)
    pair.count += by
    if (by > 0) pair.words.add(word)
    return pair
  }
}

/** A pair that has become less frequent since it was put into the heap waits again. */
function mostFrequent(waiting: Heap<Waiting>, isAllowed: (pair: Pair) => boolean): Pair | undefined {
  for (let found = waiting.pop(); found !== undefined; found = waiting.pop()) {
    const { pair, count } = found
    if (pair.count <= 0 || !isAllowed(pair)) continue
    if (pair.count === count) return pair
    waiting.push({ pair, count: pair.count })
  }
  return undefined
}

/** From the left, each pair once; `change` is told how often neighbours are there now. */
function mergeIn(
  word: Word,
  { left, right }: Pair,
  id: number,
  change: (a: number, b: number, by: number) => void,
): void {
  const { ids, count } = word
  const out: number[] = []
  for (let at = 0; at < ids.length; at++) {
    const own = ids[at] ?? -1
    if (own !== left || ids[at + 1] !== right) {
      out.push(own)
      continue
    }
    const [before, after] = [out.at(-1), ids[at + 2]]
    if (before !== undefined) {
      change(before, left, -count)
      change(before, id, count)
    }
    if (after !== undefined) {
      change(right, after, -count)
      change(id, after, count)
    }
    out.push(id)
    at += 1
  }
  word.ids = out
}
