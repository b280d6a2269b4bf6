// How many references the outputs have, as sacreBLEU's signatures tell it. It adds up over examples like all statistics.

/** Columns of an example's statistics: 1, its references, their square. */
export function referenceColumns(references: readonly unknown[]): readonly [number, number, number] {
  return [1, references.length, references.length ** 2]
}

/**
 * A signature as sacreBLEU 2.6.0 prints it, from the sums of `referenceColumns`: `nrefs:1|case:mixed|...|version:2.6.0`;
 * `nrefs:var` where numbers differ, which is where n Σ r² > (Σ r)². Statistics of earlier versions have no such columns, and
 * the signature then tells no number.
 */
export function sacrebleuSignature(columns: readonly number[], parts: string): string {
  const [examples = 0, references = 0, squares = 0] = columns
  const isEven = examples * squares === references ** 2
  const count = examples === 0 ? '' : `nrefs:${isEven ? references / examples : 'var'}|`
  return `${count}${parts}|version:2.6.0`
}
