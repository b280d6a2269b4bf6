/** The statistics against each reference with the highest value; of equal ones the first. */
export function best<Reference>(
  references: readonly Reference[],
  statistics: (reference: Reference) => readonly number[],
  value: (statistics: readonly number[]) => number,
): readonly number[] {
  let highest: { readonly row: readonly number[]; readonly value: number } | undefined
  for (const reference of references) {
    const row = statistics(reference)
    const next = value(row)
    if (highest === undefined || next > highest.value) highest = { row, value: next }
  }
  if (highest === undefined) throw new RangeError('An example without a reference cannot be scored')
  return highest.row
}
