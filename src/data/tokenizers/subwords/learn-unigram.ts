import {
  alphabetOf,
  bytePieces,
  defaultSize,
  type LearnerOptions,
  refuseTooLarge,
  refuseTooSmall,
  wordCounts,
} from './learning.js'
import { portableLog } from './logarithm.js'
import { type CountedWords, type Lattice, latticeOf, latticesOf, renumbered, seedsOf, shortWords } from './seeds.js'
import { ownTextRules, plainScore, type SubwordState } from './state.js'

/** Rounds of expectation and maximisation between two prunings. */
const rounds = 2
/** What share of the pieces a pruning leaves. */
const keptShare = 0.75
/** Pieces that are expected less often than this are dropped. */
const leastExpected = 0.5

/** Pieces with their probabilities; characters stay whatever is pruned. */
interface Model {
  readonly pieces: readonly string[]
  /** The first so many pieces are the alphabet. */
  readonly characters: number
  readonly probabilities: Float64Array
}

/**
 * Learns a unigram model from texts: expectation maximisation of the pieces' probabilities, pruned by what the likelihood
 * loses, until there are `vocabularySize` pieces (Kudo 2018, section 3.2; as sentencepiece has it, but from all strings
 * within words). Arithmetic is that of IEEE 754 alone, so that every machine learns the same. Throws SeqlabError 'data' at
 * `place` for a size that cannot be had.
 */
export function learnUnigram(options: LearnerOptions, texts: Iterable<string>, place: string): SubwordState {
  const words = shortWords(wordCounts(texts))
  const alphabet = alphabetOf(words)
  refuseTooSmall(place, options, alphabet.size)
  const bytes = bytePieces(options)
  const size = (options.vocabularySize ?? defaultSize) - bytes.length
  const model = pruned(firstModel(words, alphabet, size), words, size)
  refuseTooLarge(place, options, model.pieces.length + bytes.length)
  const logs = Array.from(model.probabilities, (probability) => rounded(portableLog(probability)))
  const { byteFallback } = options
  const least = logs.reduce((low, score) => Math.min(low, score), 0)
  return {
    algorithm: 'unigram',
    pieces: [...bytes, ...model.pieces],
    // No byte is a piece of a text, so that theirs are never compared with others.
    scores: [...bytes.map(() => least), ...logs],
    ...{ byteFallback, fuseUnknown: true, text: ownTextRules },
  }
}

/** Last digits of logarithms carry nothing. */
function rounded(value: number): number {
  return plainScore(Math.round(value * 1e6) / 1e6)
}

function firstModel(words: CountedWords, alphabet: ReadonlyMap<string, number>, size: number): Model {
  const seeds = seedsOf(words, alphabet, Math.max(1, size))
  const counts = Float64Array.from(seeds.values())
  return { pieces: [...seeds.keys()], characters: alphabet.size, probabilities: shares(counts) }
}

function shares(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

function pruned(first: Model, words: CountedWords, size: number): Model {
  let lattices = latticesOf(words, indexOf(first))
  const shrink = (model: Model, isKept: (piece: number) => boolean) => {
    const kept = model.pieces.flatMap((_, piece) => (piece < model.characters || isKept(piece) ? [piece] : []))
    const newIndex = new Int32Array(model.pieces.length).fill(-1)
    for (const [at, piece] of kept.entries()) newIndex[piece] = at
    lattices = renumbered(lattices, newIndex)
    return chosen(model, kept)
  }
  for (let model = first; ; ) {
    for (let round = 0; round < rounds; round++) model = maximised(model, expectations(model, lattices))
    const { probabilities } = model
    model = shrink(model, (piece) => at(probabilities, piece) > 0)
    const left = model.pieces.length
    if (left <= size) return model
    const kept = mostUseful(model, lattices, Math.max(size, Math.floor(left * keptShare)))
    model = shrink(model, (piece) => kept.has(piece))
  }
}

/** How often each piece is expected: Σ_words count p(piece is part of it), forward and backward through each word. */
function expectations({ pieces, probabilities }: Model, lattices: readonly Lattice[]): Float64Array {
  const expected = new Float64Array(pieces.length)
  for (const { count, length, edges } of lattices) {
    const forward = new Float64Array(length + 1)
    const backward = new Float64Array(length + 1)
    forward[0] = 1
    backward[length] = 1
    for (const { from, to, piece } of edges)
      forward[to] = at(forward, to) + at(forward, from) * at(probabilities, piece)
    for (const { from, to, piece } of edges.toReversed())
      backward[from] = at(backward, from) + at(backward, to) * at(probabilities, piece)
    const scale = count / at(forward, length)
    // A character that no text may have (the mark as it is written) leaves its word without a way through.
    if (!Number.isFinite(scale)) continue
    for (const { from, to, piece } of edges) {
      expected[piece] = at(expected, piece) + scale * at(forward, from) * at(probabilities, piece) * at(backward, to)
    }
  }
  return expected
}

function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? 0
}

/** Probabilities in proportion to exp(digamma(expected)) = expected - 1/2 + 1/(24 expected) + ..., which drops rare pieces. */
function maximised({ pieces, characters }: Model, expected: Float64Array): Model {
  const weights = expected.map((count, piece) => {
    if (count >= leastExpected) return count - 0.5 + 1 / (24 * count)
    return piece < characters ? 1e-3 : 0
  })
  return { pieces, characters, probabilities: shares(weights) }
}

function indexOf({ pieces }: Model): ReadonlyMap<string, number> {
  return new Map(pieces.map((piece, index) => [piece, index]))
}

function chosen({ pieces, characters, probabilities }: Model, kept: readonly number[]): Model {
  return {
    pieces: kept.map((piece) => pieces[piece] ?? ''),
    characters,
    probabilities: shares(Float64Array.from(kept, (piece) => at(probabilities, piece))),
  }
}

/** The `size` pieces whose loss would make the texts least probable, characters among them. */
function mostUseful(model: Model, lattices: readonly Lattice[], size: number): ReadonlySet<number> {
  const losses = lossesOf(model, lattices)
  const order = model.pieces.flatMap((_, piece) => (piece < model.characters ? [] : [piece]))
  order.sort((a, b) => at(losses, b) - at(losses, a) || a - b)
  return new Set(order.slice(0, Math.max(0, size - model.characters)))
}

/** By piece: count ln(p(piece) / p(its best other pieces)); the count is of words cut most probably. */
function lossesOf(model: Model, lattices: readonly Lattice[]): Float64Array {
  const { pieces, probabilities } = model
  const indices = indexOf(model)
  const used = new Float64Array(pieces.length)
  for (const lattice of lattices) {
    for (const piece of bestPath(lattice, probabilities).path) used[piece] = at(used, piece) + lattice.count
  }
  return Float64Array.from(pieces, (piece, index) => {
    const { length, edges, count } = latticeOf(piece, 1, indices)
    const others = bestPath({ length, edges: edges.filter((edge) => edge.piece !== index), count }, probabilities)
    if (others.probability <= 0) return Number.MAX_VALUE
    return at(used, index) * (portableLog(at(probabilities, index)) - portableLog(others.probability))
  })
}

/** The most probable way through a word; of equal ones that with the longest last piece. */
function bestPath({ length, edges }: Lattice, probabilities: Float64Array) {
  const best = new Float64Array(length + 1)
  best[0] = 1
  const last: { readonly from: number; readonly piece: number }[] = []
  for (const { from, to, piece } of edges) {
    const probability = at(best, from) * at(probabilities, piece)
    if (probability <= at(best, to)) continue
    best[to] = probability
    last[to] = { from, piece }
  }
  const path: number[] = []
  for (let step = last[length]; step !== undefined; step = last[step.from]) path.push(step.piece)
  return { path, probability: at(best, length) }
}
