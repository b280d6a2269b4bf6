import { byCodePoints } from '../../../core/code-points.js'
import { bytePieceOf, isBytePiece } from '../../../core/pieces.js'
import { dataError } from '../../data-error.js'
import { specialSymbols } from '../../types.js'
import { ownTextRules } from './state.js'
import { wordsOf, writtenMark, writtenMarks } from './words.js'

/** What a learner is asked for. */
export interface LearnerOptions {
  readonly vocabularySize?: number
  readonly byteFallback: boolean
}

/** Pieces where no size is asked for, or fewer where the texts have fewer. */
export const defaultSize = 8000

/** Different words of texts with how often each is there, in order of code points: what is learned does not depend on the texts' order. */
export function wordCounts(texts: Iterable<string>): readonly (readonly [word: string, count: number])[] {
  const counts = new Map<string, number>()
  const toWords = wordsOf(ownTextRules)
  for (const text of texts) for (const word of toWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort(([a], [b]) => byCodePoints(a, b))
}

/** The characters of words in order of code points, each with how often it is there. */
export function alphabetOf(words: Iterable<readonly [string, number]>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const [word, count] of words) {
    for (const character of word) counts.set(character, (counts.get(character) ?? 0) + count)
  }
  counts.delete(writtenMark)
  return new Map([...counts].sort(([a], [b]) => byCodePoints(a, b)))
}

/** The 256 bytes where they are pieces too. */
export function bytePieces({ byteFallback }: LearnerOptions): readonly string[] {
  return byteFallback ? Array.from({ length: 256 }, (_, byte) => bytePieceOf(byte)) : []
}

/** What is no piece of text: it means something else. */
export function isReserved(piece: string): boolean {
  return piece.search(writtenMarks) >= 0 || isBytePiece(piece) || specialSymbols.some((symbol) => symbol === piece)
}

/** Throws SeqlabError 'data' where bytes and characters alone are more pieces than were asked for. */
export function refuseTooSmall(
  place: string,
  { vocabularySize, byteFallback }: LearnerOptions,
  characters: number,
): void {
  const least = characters + (byteFallback ? 256 : 0)
  if (vocabularySize === undefined || vocabularySize >= least) return
  const bytes = byteFallback ? '256 bytes and ' : ''
  throw dataError(`${place}.vocabularySize`, 'there are more characters than pieces', {
    expected: `at least ${least} (${bytes}${characters} characters of the training texts)`,
    received: `${vocabularySize}`,
  })
}

/** Throws SeqlabError 'data' where there are fewer pieces than were asked for. */
export function refuseTooLarge(place: string, { vocabularySize }: LearnerOptions, learned: number): void {
  if (vocabularySize === undefined || learned >= vocabularySize) return
  throw dataError(`${place}.vocabularySize`, 'so many pieces cannot be learned from the training texts', {
    expected: `at most ${learned}`,
    received: `${vocabularySize}`,
    hint: 'leave vocabularySize out for as many as there are',
  })
}
