import { bytePieceOf, wordMark } from '../../../core/pieces.js'
import { type Normalisation, normalised } from '../side.js'
import type { Tokenizer } from '../types.js'
import { byteSymbols, readBytePiece } from './byte-level.js'
import { merger } from './merge.js'
import type { SubwordState } from './state.js'
import { mostProbable } from './viterbi.js'
import { wordsOf, writtenMarks } from './words.js'

/** Words that are remembered with their pieces: texts repeat their words. */
const wordsKept = 50_000

/**
 * Text, in a normalisation form, -> pieces of a learned tokenizer. What has no piece becomes its bytes, or stays as it is: an unknown token. Throws
 * RangeError before the pieces are learned or read.
 */
export function subwordTokenizer(state: SubwordState | undefined, form: Normalisation = 'none'): Tokenizer {
  if (state === undefined) throw new RangeError('A tokenizer of pieces is built before it has them')
  const toWords = wordsOf(state.text)
  const cut = state.algorithm === 'bpe' ? merger(state) : mostProbable(state)
  const settle = state.byteLevel === true ? inText : settler(state)
  const symbolsOf = state.byteLevel === true ? byteSymbols : (word: string) => [...word]
  const kept = new Map<string, readonly string[]>()
  const piecesOf = (word: string) => {
    const before = kept.get(word)
    if (before !== undefined) return before
    const pieces = settle(cut(symbolsOf(word)))
    if (kept.size < wordsKept && word.length < 100) kept.set(word, pieces)
    return pieces
  }
  return (text) => {
    const pieces = toWords(normalised(text, form)).flatMap(piecesOf)
    return state.fuseUnknown && !state.byteFallback ? fused(pieces, new Set(state.pieces)) : pieces
  }
}

/** Pieces that there are, the others as bytes where there are pieces for them. */
function settler({ pieces, byteFallback }: SubwordState) {
  const known = new Set(pieces)
  const bytes = new TextEncoder()
  return (found: readonly string[]): readonly string[] =>
    found.flatMap((piece) => {
      if (known.has(piece)) return [piece]
      const written = piece.replace(writtenMarks, wordMark)
      return byteFallback ? Array.from(bytes.encode(written), bytePieceOf) : [written]
    })
}

function inText(found: readonly string[]): readonly string[] {
  return found.map(readBytePiece)
}

function fused(pieces: readonly string[], known: ReadonlySet<string>): readonly string[] {
  const out: string[] = []
  let isOpen = false
  for (const piece of pieces) {
    const isUnknown = !known.has(piece)
    if (isUnknown && isOpen) out.push((out.pop() ?? '') + piece)
    else out.push(piece)
    isOpen = isUnknown
  }
  return out
}
