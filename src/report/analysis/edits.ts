import { specialSymbols, UNK } from '../../data/types.js'
import type { OutputKind } from '../../task/reporting.js'
import type { PredictionLine } from '../../train/types.js'

/** One column of an alignment: a reference token and the predicted one; one of the two may be missing. */
export interface Edit {
  readonly kind: 'match' | 'substitute' | 'insert' | 'delete'
  readonly reference?: string
  readonly predicted?: string
}

/**
 * A shortest edit script from a reference to a prediction, by Wagner & Fischer 1974: D[i,j] = min(D[i-1,j-1] + (r_i ≠ p_j),
 * D[i-1,j] + 1, D[i,j-1] + 1). Among equal scripts a diagonal step is taken first, then a deletion. A predicted `<unk>`
 * matches nothing, not even a reference that is spelt so.
 */
export function alignEdits(reference: readonly string[], predicted: readonly string[]): Edit[] {
  const width = predicted.length + 1
  const distance = distances(reference, predicted)
  const at = (i: number, j: number) => distance[i * width + j] ?? Number.POSITIVE_INFINITY
  const edits: Edit[] = []
  let i = reference.length
  let j = predicted.length
  while (i > 0 || j > 0) {
    const r = reference[i - 1]
    const p = predicted[j - 1]
    if (i > 0 && j > 0 && at(i, j) === at(i - 1, j - 1) + (isMatch(r, p) ? 0 : 1)) {
      edits.push({ kind: isMatch(r, p) ? 'match' : 'substitute', ...named(r, p) })
      i--
      j--
    } else if (i > 0 && at(i, j) === at(i - 1, j) + 1) {
      edits.push({ kind: 'delete', ...named(r, undefined) })
      i--
    } else {
      edits.push({ kind: 'insert', ...named(undefined, p) })
      j--
    }
  }
  return edits.reverse()
}

function isMatch(reference: string | undefined, predicted: string | undefined): boolean {
  return reference === predicted && predicted !== specialSymbols[UNK]
}

function named(reference: string | undefined, predicted: string | undefined) {
  return { ...(reference === undefined ? {} : { reference }), ...(predicted === undefined ? {} : { predicted }) }
}

/** D row by row, [(R+1) * (G+1)]. */
function distances(reference: readonly string[], predicted: readonly string[]): Int32Array {
  const width = predicted.length + 1
  const table = new Int32Array((reference.length + 1) * width)
  const at = (i: number, j: number) => table[i * width + j] ?? 0
  for (let j = 0; j < width; j++) table[j] = j
  for (let i = 1; i <= reference.length; i++) {
    table[i * width] = i
    for (let j = 1; j < width; j++) {
      const diagonal = at(i - 1, j - 1) + (isMatch(reference[i - 1], predicted[j - 1]) ? 0 : 1)
      table[i * width + j] = Math.min(diagonal, at(i - 1, j) + 1, at(i, j - 1) + 1)
    }
  }
  return table
}

/** Errors of an alignment: all columns that are no match. */
export function errorCount(edits: readonly Edit[]): number {
  return edits.filter((edit) => edit.kind !== 'match').length
}

/** Reference and prediction place by place, where one is for every place of the other: nothing is shifted. */
function placeEdits(reference: readonly string[], predicted: readonly string[]): Edit[] {
  return Array.from({ length: Math.max(reference.length, predicted.length) }, (_, at): Edit => {
    const [r, p] = [reference[at], predicted[at]]
    if (r === undefined) return { kind: 'insert', ...named(r, p) }
    return { kind: p === undefined ? 'delete' : isMatch(r, p) ? 'match' : 'substitute', ...named(r, p) }
  })
}

/** How a prediction differs from what was expected, as its task's outputs are compared. */
export function editsOf(
  kind: OutputKind,
  { references, hypothesis }: Pick<PredictionLine, 'references' | 'hypothesis'>,
): Edit[] {
  return kind === 'sequence' ? nearestEdits(references, hypothesis) : placeEdits(references[0] ?? [], hypothesis)
}

/** The alignment with the nearest of several references (the first of equally near ones). */
export function nearestEdits(references: readonly (readonly string[])[], predicted: readonly string[]): Edit[] {
  const scripts = references.map((reference) => alignEdits(reference, predicted))
  return (
    scripts.reduce<Edit[] | undefined>(
      (best, script) => (best === undefined || errorCount(script) < errorCount(best) ? script : best),
      undefined,
    ) ?? []
  )
}
