/** How often each run of `order` tokens occurs. Tokens are joined by a sign that text does not have. */
export function countNgrams(tokens: readonly string[], order: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (let start = 0; start + order <= tokens.length; start++) {
    const ngram = tokens.slice(start, start + order).join('\u0000')
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1)
  }
  return counts
}

/** How many runs the two have in common: of each the smaller count. */
export function matches(counts: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>): number {
  let common = 0
  for (const [ngram, count] of counts) common += Math.min(count, others.get(ngram) ?? 0)
  return common
}

export function total(counts: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const count of counts.values()) sum += count
  return sum
}
