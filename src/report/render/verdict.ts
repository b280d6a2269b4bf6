import type { OutputKind } from '../../task/reporting.js'
import { type Edit, errorCount } from '../analysis/edits.js'
import { counted } from '../format/grammar.js'

/** Whether a prediction is what was expected, in words and as a class of the style sheet. */
export function verdictOf(
  kind: OutputKind,
  edits: readonly Edit[],
): { readonly text: string; readonly style: 'good' | 'bad' } {
  const errors = errorCount(edits)
  if (errors === 0) return { text: 'correct', style: 'good' }
  const words = {
    sequence: counted(errors, 'error'),
    labels: `${errors} of ${counted(edits.length, 'label')} wrong`,
    label: 'wrong',
    'next-tokens': `${errors} of ${counted(edits.length, 'token')} wrong`,
    numbers: counted(errors, 'error'),
  }
  return { text: words[kind], style: 'bad' }
}
