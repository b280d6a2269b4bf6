import type { OutputKind } from '../../../task/reporting.js'
import type { PredictionLine } from '../../../train/types.js'
import { type Edit, editsOf, errorCount } from '../edits.js'

/**
 * Examples with errors, the most errors for their length first, then those that the model is most certain of; equals in
 * the order of the split.
 */
export function worstFirst(lines: readonly PredictionLine[], kind: OutputKind): PredictionLine[] {
  const judged = lines.map((line) => {
    const edits = editsOf(kind, line)
    return { line, errors: errorCount(edits), share: errorCount(edits) / Math.max(1, referenceLength(edits)) }
  })
  const wrong = judged.filter(({ errors }) => errors > 0)
  return wrong
    .sort(
      (a, b) => b.share - a.share || b.errors - a.errors || b.line.score - a.line.score || a.line.index - b.line.index,
    )
    .map(({ line }) => line)
}

function referenceLength(edits: readonly Edit[]): number {
  return edits.filter((edit) => edit.reference !== undefined).length
}
