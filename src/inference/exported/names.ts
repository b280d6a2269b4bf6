const withAlignments = '-with-alignments'

/** With alignments or without, a function is the same: they are one more output. */
export function functionName(called: string): string {
  return called.endsWith(withAlignments) ? called.slice(0, -withAlignments.length) : called
}
