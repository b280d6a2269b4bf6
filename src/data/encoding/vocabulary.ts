import { byCodePoints } from '../../core/code-points.js'
import { isBytePiece } from '../../core/pieces.js'
import type { SubwordState } from '../tokenizers/subwords/state.js'
import { specialSymbols as specials, UNK, UNSEEN_LABEL, type Vocabulary } from '../types.js'

/**
 * The vocabulary of training rows: specials first (unless these are labels), then tokens by falling frequency, equal ones
 * by code points.
 */
export function buildVocabulary(
  rows: Iterable<readonly string[]>,
  settings: { readonly specials: boolean; readonly minFrequency: number; readonly maxSize?: number | undefined },
): Vocabulary {
  const counts = countsOf(rows)
  if (settings.specials) for (const special of specials) counts.delete(special)
  const kept = [...counts]
    .filter(([, { times }]) => times >= settings.minFrequency)
    .sort(([a, countA], [b, countB]) => countB.times - countA.times || byCodePoints(a, b))
    .map(([token]) => token)
    .slice(0, settings.maxSize)
  return { symbols: settings.specials ? [...specials, ...kept] : kept, specials: settings.specials }
}

/** How often each token is in the rows: one look-up for each, not one to read and one to write. */
function countsOf(rows: Iterable<readonly string[]>): Map<string, { times: number }> {
  const counts = new Map<string, { times: number }>()
  for (const row of rows) {
    for (const token of row) {
      const count = counts.get(token)
      if (count === undefined) counts.set(token, { times: 1 })
      else count.times += 1
    }
  }
  return counts
}

/** Specials and all pieces that a tokenizer has learned, in its own order: bytes may come up that training does not have. */
export function pieceVocabulary({ pieces }: Pick<SubwordState, 'pieces'>): Vocabulary {
  return { symbols: [...specials, ...pieces], specials: true }
}

/** A vocabulary with the bytes that a tokenizer from a file falls back to, whether training has them or not. */
export function withBytes(vocabulary: Vocabulary, { pieces, byteFallback }: SubwordState): Vocabulary {
  if (!byteFallback) return vocabulary
  const known = new Set(vocabulary.symbols)
  const bytes = pieces.filter((piece) => isBytePiece(piece) && !known.has(piece))
  return { ...vocabulary, symbols: [...vocabulary.symbols, ...bytes] }
}

/**
 * A function from a token to its id. A token that is not in the vocabulary (or is spelt like a special) is unk, a
 * label that is not UNSEEN_LABEL; `unknown` is called for each.
 */
export function encoder({ symbols, specials: hasSpecials }: Vocabulary, unknown: (token: string) => void) {
  const ids = new Map(symbols.map((symbol, id) => [symbol, id]))
  if (hasSpecials) for (const special of specials) ids.delete(special)
  return (token: string): number => {
    const id = ids.get(token)
    if (id !== undefined) return id
    unknown(token)
    return hasSpecials ? UNK : UNSEEN_LABEL
  }
}

/** What the symbols are in NFC, without specials: an unknown token that is one of them differs in its form alone. */
export function canonicalForms({ symbols, specials: hasSpecials }: Vocabulary): ReadonlySet<string> {
  return new Set(symbols.slice(hasSpecials ? specials.length : 0).map((symbol) => symbol.normalize('NFC')))
}
