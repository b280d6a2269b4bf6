import type { ScoredExample } from './types.js'

/** Why there is no value where no symbol has a true link. */
export const noLinks = 'the data have no true alignment'

/**
 * Of an example's first reference under forced decoding: [|A ∩ S|, |A ∩ P|, |A|, |S|, sum of weights on P]. A: each symbol that has a true
 * link, with the source token of the largest weight (the first of equal ones); an attention has no empty word, so symbols
 * without any link are left out.
 */
export function linkStatistics({ attended }: ScoredExample): number[] {
  const sums = [0, 0, 0, 0, 0]
  if (attended === undefined) return sums
  const { weights, sure, possible } = attended
  const of = (links: typeof sure, to: number) => links.filter(([, target]) => target === to).map(([source]) => source)
  for (const [to, row] of weights.entries()) {
    const [certain, right] = [of(sure, to), new Set([...of(sure, to), ...of(possible, to)])]
    if (right.size === 0) continue
    const strongest = row.indexOf(row.reduce((most, weight) => Math.max(most, weight), Number.NEGATIVE_INFINITY))
    const mass = [...right].reduce((sum, source) => sum + (row[source] ?? 0), 0)
    const more = [Number(certain.includes(strongest)), Number(right.has(strongest)), 1, new Set(certain).size, mass]
    for (const [at, number] of more.entries()) sums[at] = (sums[at] ?? 0) + number
  }
  return sums
}
