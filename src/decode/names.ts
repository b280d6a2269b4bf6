const suffix = '-with-alignments'

/** The name of a function's variant that gives alignments. */
export function withAlignments(name: string): string {
  return `${name}${suffix}`
}

/** The name without that: the function is the same, alignments are one more output. */
export function withoutAlignments(name: string): string {
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
}
