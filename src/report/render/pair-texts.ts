import type { Edit } from '../analysis/edits.js'
import { predictedToken, visibleToken } from '../format/tokens.js'

const gap = '·'

/** What a column of an alignment shows, from above, and what is wrong with it in words. */
export function pairTexts({ reference, predicted }: Pick<Edit, 'reference' | 'predicted'>) {
  const shown = predicted === undefined ? gap : predictedToken(predicted)
  return {
    expected: reference === undefined ? gap : visibleToken(reference),
    predicted: shown,
    words: `expected ${reference ?? 'nothing'}, predicted ${predicted === undefined ? 'nothing' : predictedWord(predicted)}`,
  }
}

/** White space is itself in words; the end is no word of the text. */
function predictedWord(token: string): string {
  return token === '' || token.trim() !== '' ? predictedToken(token) : token
}
