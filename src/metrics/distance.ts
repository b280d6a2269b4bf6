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

/** Edits to the nearest reference and that reference's length; of equally near ones the longest. */
export function nearest(
  hypothesis: readonly string[],
  references: readonly (readonly string[])[],
): [edits: number, length: number] {
  const all = references.map((reference): [number, number] => [editDistance(hypothesis, reference), reference.length])
  const [first, ...others] = all
  if (first === undefined) throw new RangeError('An example without a reference cannot be scored')
  return others.reduce(
    (best, next) => (next[0] < best[0] || (next[0] === best[0] && next[1] > best[1]) ? next : best),
    first,
  )
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
