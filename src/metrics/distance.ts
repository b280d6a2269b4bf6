import { distance } from 'fastest-levenshtein'
import { type Measured, quotient } from '../core/measured.js'

/** Levenshtein distance between two rows of tokens: insertions, deletions and substitutions cost 1 each. */
export function editDistance(a: readonly string[], b: readonly string[]): number {
  const codes = new Map<string, string>()
  const code = (token: string) => {
    const known = codes.get(token) ?? String.fromCharCode(codes.size)
    codes.set(token, known)
    return known
  }
  return distance(a.map(code).join(''), b.map(code).join(''))
}

/** Edits of a script that turns a reference into a hypothesis. */
export type EditCounts = readonly [
  edits: number,
  referenceLength: number,
  substitutions: number,
  insertions: number,
  deletions: number,
]

/** Of the nearest reference; of equally near ones the longest. Of scripts with so few edits, the one with most substitutions. */
export function nearest(hypothesis: readonly string[], references: readonly (readonly string[])[]): EditCounts {
  const [first, ...others] = references.map((reference) => ({
    reference,
    edits: editDistance(hypothesis, reference),
  }))
  if (first === undefined) throw new RangeError('An example without a reference cannot be scored')
  const { reference, edits } = others.reduce((best, next) => {
    const isLonger = next.reference.length > best.reference.length
    return next.edits < best.edits || (next.edits === best.edits && isLonger) ? next : best
  }, first)
  return [edits, reference.length, ...kindsOfEdits(hypothesis, reference, edits)]
}

/**
 * Substitutions, insertions and deletions of a shortest script. Insertions − deletions is the difference of the lengths and
 * the sum of all three is known, so the fewest insertions and deletions are the most substitutions.
 */
function kindsOfEdits(
  hypothesis: readonly string[],
  reference: readonly string[],
  edits: number,
): [substitutions: number, insertions: number, deletions: number] {
  const surplus = hypothesis.length - reference.length
  if (edits === Math.abs(surplus)) return [0, Math.max(surplus, 0), Math.max(-surplus, 0)]
  const shifts = fewestShifts(hypothesis, reference)
  return [edits - shifts, (shifts + surplus) / 2, (shifts - surplus) / 2]
}

/** Insertions and deletions of a shortest script that has fewest of them: by a price of 1 an edit, and a little for these. */
function fewestShifts(hypothesis: readonly string[], reference: readonly string[]): number {
  const edit = hypothesis.length + reference.length + 1
  const shift = edit + 1
  let row = reference.map((_, at) => (at + 1) * shift)
  let first = 0
  for (const token of hypothesis) {
    let diagonal = first
    first += shift
    let left = first
    row = row.map((above, at) => {
      const kept = diagonal + (token === reference[at] ? 0 : edit)
      diagonal = above
      left = Math.min(kept, above + shift, left + shift)
      return left
    })
  }
  return (row.at(-1) ?? first) % edit
}

/** Of statistics that `nearest` gives. */
export function editCounts([, , substitutions, insertions, deletions]: readonly number[]) {
  if (substitutions === undefined || insertions === undefined || deletions === undefined) return undefined
  return { substitutions, insertions, deletions }
}

/** Whether the hypothesis is one of the references, token by token. */
export function isExact(hypothesis: readonly string[], references: readonly (readonly string[])[]): boolean {
  return references.some(
    (reference) => reference.length === hypothesis.length && reference.every((token, at) => token === hypothesis[at]),
  )
}

/** sums[0] / sums[1]: the share of things that are right, or wrong; undefined, for the reason given, where there are none. */
export function ratio(reason: string): (sums: readonly number[]) => Measured {
  return ([counted = 0, things = 0]) => quotient(counted, things, reason)
}

/** Of statistics [errors, things]. */
export function hasErrors([errors = 0]: readonly number[]): boolean {
  return errors > 0
}

/** Of statistics [right things, things]. */
export function isIncomplete([right = 0, things = 0]: readonly number[]): boolean {
  return right < things
}
