import type { OutputKind } from '../../task/reporting.js'
import type { Edit } from '../analysis/edits.js'
import { predictedToken, visibleToken } from '../format/tokens.js'
import { significant } from '../format/values.js'

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

/** How probable what is predicted is: of a language model not the text, but the symbols below it. */
export function scoreText(kind: OutputKind, score: number): string {
  return `log probability ${kind === 'next-tokens' ? 'of the predicted symbols ' : ''}${significant(score)}`
}

/** White space is itself in words; the end is no word of the text. */
function predictedWord(token: string): string {
  return token.trim() === '' ? token : predictedToken(token)
}
