/** The statistics against each reference with the highest value; of equal ones the first. */
export function best<Reference>(
  references: readonly Reference[],
  statistics: (reference: Reference) => readonly number[],
  value: (statistics: readonly number[]) => number,
): readonly number[] {
  let found: { readonly row: readonly number[]; readonly value: number } | undefined
  for (const reference of references) {
    const row = statistics(reference)
    const next = value(row)
    if (found === undefined || next > found.value) found = { row, value: next }
  }
  if (found === undefined) throw new RangeError('An example without a reference cannot be scored')
  return found.row
}
