/** Which examples of a split have alignments, which are larger than everything else: as many from its first, or these. */
export type Aligned = number | ReadonlySet<number>

/** Whether an example has one, by its index in the split. */
export function isAligned(aligned: Aligned, example: number): boolean {
  return typeof aligned === 'number' ? example < aligned : aligned.has(example)
}

/** Whether any example may have one. */
export function anyAligned(aligned: Aligned): boolean {
  return typeof aligned === 'number' ? aligned > 0 : aligned.size > 0
}
