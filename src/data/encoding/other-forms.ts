import type { Vocabulary } from '../types.js'

/**
 * Unknown characters of rows that the vocabulary has once each row's text is composed or decomposed (UAX 15). A letter
 * and its mark are two characters in one form and one in the other, so that no character by itself tells.
 */
export function charactersInOtherForm(rows: readonly (readonly string[])[], { symbols }: Vocabulary): number {
  const known = new Set(symbols)
  const unknownIn = (characters: readonly string[]) => characters.filter((each) => !known.has(each)).length
  return rows.reduce((sum, row) => {
    const unknown = unknownIn(row)
    if (unknown === 0) return sum
    const text = row.join('')
    const least = Math.min(...['NFC', 'NFD'].map((form) => unknownIn([...text.normalize(form)])))
    return sum + Math.max(0, unknown - least)
  }, 0)
}
