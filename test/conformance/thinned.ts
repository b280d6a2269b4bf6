import type { Combination } from './combinations.js'

/**
 * Of legal combinations as few as are found to have every choice, and every pair of choices that stand together in one of
 * them: again and again the one that adds most pairs, the first of equals. Choices are what a name is made of, by place.
 */
export function pairwise<T extends Combination>(all: readonly T[]): readonly T[] {
  const left = new Map(all.map((combination) => [combination, pairsOf(combination.name)]))
  const missing = new Set([...left.values()].flat())
  const kept: T[] = []
  while (missing.size > 0) {
    const best = { count: 0, combination: undefined as T | undefined }
    for (const [combination, pairs] of left) {
      const count = pairs.filter((pair) => missing.has(pair)).length
      if (count > best.count) Object.assign(best, { count, combination })
    }
    if (best.combination === undefined) break
    kept.push(best.combination)
    for (const pair of left.get(best.combination) ?? []) missing.delete(pair)
    left.delete(best.combination)
  }
  return kept
}

/** `features | alone | source | tag` -> every two of its parts with their places; tasks have different choices there. */
function pairsOf(name: string): string[] {
  const parts = name.split(' | ').map((part, place) => `${place} ${part}`)
  return parts.flatMap((first, at) => parts.slice(at + 1).map((second) => `${first} | ${second}`))
}
