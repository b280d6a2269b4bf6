import type { Group, MetricComparison } from '../../../analysis/comparison/types.js'
import { bare, type Unit, unitMark } from '../../../format/values.js'

// What all pictures of a comparison need of its variants.

/** Values of the variants, the best on dev first. */
export function byDev({ values, better }: MetricComparison) {
  const sign = better === 'lower' ? 1 : -1
  return values.toSorted((a, b) => sign * ((a.dev ?? a.mean) - (b.dev ?? b.mean)))
}

/** With one seed a variant there is no mean and no spread to speak of. */
export function hasSeeds({ variants }: Group): boolean {
  return variants.some(({ seeds }) => seeds.length > 1)
}

export function labelOf(group: Group, id: string): string {
  return group.variants.find((variant) => variant.id === id)?.label ?? id
}

/** By rank on dev: those that are drawn first have colours of their own, and a variant keeps its own when others are hidden. */
export function placeOf(main: MetricComparison, id: string): number {
  return byDev(main).findIndex(({ variant }) => variant === id)
}

export function byRank<T extends { readonly variant: string }>(main: MetricComparison, items: readonly T[]): T[] {
  return items.toSorted((a, b) => placeOf(main, a.variant) - placeOf(main, b.variant))
}

export function legendOf(
  group: Group,
  main: MetricComparison,
  drawn: readonly { variant: string }[],
  kind: 'line' | 'dot',
) {
  return drawn.map(({ variant }) => ({ name: labelOf(group, variant), place: placeOf(main, variant), kind }))
}

export function intervalText(value: number, low: number | null, high: number | null, unit: Unit): string {
  const interval = low === null || high === null ? '' : ` (${bare(low, unit)} to ${bare(high, unit)})`
  return `${bare(value, unit)}${unitMark(unit)}${interval}`
}
