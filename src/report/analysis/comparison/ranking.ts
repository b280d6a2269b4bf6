import { isNumber, isUndefined } from '../../../core/measured.js'
import type { MetricComparison, Pair, Ranking } from './types.js'

type Compared = Pick<MetricComparison, 'values' | 'pairs' | 'better'>
type Tier = Ranking['tiers'][number]

/**
 * The variants in tiers, best mean first. A tier ends only where each of its members and of all tiers above it is
 * significantly better than each variant below: then the tests have decided the order. Within a tier they have not, or not
 * throughout: `apart` are its pairs that differ significantly. Variants without a value are in none.
 */
export function rankingOf({ values, pairs, better }: Compared): Omit<Ranking, 'text'> {
  const sign = better === 'lower' ? 1 : -1
  const known = values.flatMap(({ variant, mean }) => (isUndefined(mean) ? [] : [{ variant, value: mean.value }]))
  const ranked = known.sort((a, b) => sign * (a.value - b.value))
  const ids = ranked.map(({ variant }) => variant)
  const isAhead = decisions(pairs, sign)
  const ends = ids.flatMap((_, at) => {
    const [above, below] = [ids.slice(0, at + 1), ids.slice(at + 1)]
    return above.every((left) => below.every((right) => isAhead(left, right))) ? [at + 1] : []
  })
  const tiers = ends.map((end, at) => ranked.slice(ends[at - 1] ?? 0, end))
  return { tiers: tiers.map((tier) => tierOf(tier, pairs, isAhead)), letters: lettersOf(ids, isAhead) }
}

function tierOf(tier: readonly { variant: string; value: number }[], pairs: readonly Pair[], isAhead: Ahead): Tier {
  const variants = tier.map(({ variant }) => variant)
  const inside = pairs.filter(({ left, right }) => variants.includes(left) && variants.includes(right))
  const apart = inside
    .filter(({ left, right }) => isAhead(left, right) || isAhead(right, left))
    .map(({ left, right }): [string, string] => (isAhead(left, right) ? [left, right] : [right, left]))
  const numbers = tier.map(({ value }) => value)
  return {
    variants,
    lowest: Math.min(...numbers),
    highest: Math.max(...numbers),
    apart,
    untested: inside.filter(({ p }) => !isNumber(p)).length,
  }
}

/** Whether one variant is significantly better than another. */
type Ahead = (better: string, worse: string) => boolean

function decisions(pairs: readonly Pair[], sign: number): Ahead {
  const ahead = new Set<string>()
  for (const { left, right, difference, significant } of pairs) {
    if (!significant) continue
    ahead.add(sign * difference < 0 ? keyOf(left, right) : keyOf(right, left))
  }
  return (better, worse) => ahead.has(keyOf(better, worse))
}

function keyOf(better: string, worse: string): string {
  return `${better} ${worse}`
}

/** More columns of letters tell a reader nothing. */
const lettersAtMost = 12
const variantsWithLetters = 60

/**
 * The compact letter display: two variants share a letter just where they do not differ significantly. Insert and absorb,
 * by Piepho 2004 (An Algorithm for a Letter-Based Representation of All-Pairwise Comparisons); the first letter has the best.
 * Empty where that takes more letters than a reader would compare.
 */
function lettersOf(ids: readonly string[], isAhead: Ahead): Ranking['letters'] {
  if (ids.length < 2 || ids.length > variantsWithLetters) return {}
  let columns: readonly (readonly string[])[] = [ids]
  for (const [at, left] of ids.entries()) {
    for (const right of ids.slice(at + 1)) {
      if (!isAhead(left, right) && !isAhead(right, left)) continue
      columns = withoutSubsets(columns.flatMap((column) => separated(column, left, right)))
      // Columns may double with every pair: what cannot be shown is not worth waiting for.
      if (columns.length > 4 * lettersAtMost) return {}
    }
  }
  if (columns.length > lettersAtMost) return {}
  const places = (column: readonly string[]) => column.map((id) => ids.indexOf(id))
  const ordered = columns.toSorted((a, b) => compareLists(places(a), places(b)))
  const letterOf = (at: number) => String.fromCharCode(97 + at)
  return Object.fromEntries(
    ids.map((id) => [id, ordered.map((column, at) => (column.includes(id) ? letterOf(at) : '')).join('')]),
  )
}

function separated(column: readonly string[], left: string, right: string): (readonly string[])[] {
  if (!column.includes(left) || !column.includes(right)) return [column]
  return [column.filter((id) => id !== right), column.filter((id) => id !== left)]
}

function withoutSubsets(columns: readonly (readonly string[])[]): (readonly string[])[] {
  return columns.filter(
    (column, at) =>
      !columns.some(
        (other, place) =>
          place !== at && column.every((id) => other.includes(id)) && (other.length > column.length || place < at),
      ),
  )
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, place) => value !== b[place])
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? Number.POSITIVE_INFINITY)
}
