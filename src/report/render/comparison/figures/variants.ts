import { isNumber } from '../../../../core/measured.js'
import type { Group, MetricComparison } from '../../../analysis/comparison/types.js'
import type { LegendEntry } from '../../page/legend.js'

// How the figures of a comparison order, label and colour its variants.

/** Values of the variants, the best on dev first. */
export function byDev({ values, better }: MetricComparison) {
  const sign = better === 'lower' ? 1 : -1
  const costOf = ({ dev, mean }: MetricComparison['values'][number]) => {
    const value = isNumber(dev) ? dev : mean.value
    return value === null ? Number.MAX_VALUE : sign * value
  }
  return values.toSorted((a, b) => costOf(a) - costOf(b))
}

/** With one seed per variant there are no means and no variance between seeds. */
export function hasSeeds({ variants }: Group): boolean {
  return variants.some(({ seeds }) => seeds.length > 1)
}

export function labelOf(group: Group, id: string): string {
  return group.variants.find((variant) => variant.id === id)?.label ?? id
}

/** The rank on dev: the variants drawn at first have different colours, and each keeps its own when others are hidden. */
export function colourIndexOf(main: MetricComparison, id: string): number {
  return byDev(main).findIndex(({ variant }) => variant === id)
}

export function byRank<T extends { readonly variant: string }>(main: MetricComparison, items: readonly T[]): T[] {
  return items.toSorted((a, b) => colourIndexOf(main, a.variant) - colourIndexOf(main, b.variant))
}

export function legendOf(
  group: Group,
  main: MetricComparison,
  drawn: readonly { variant: string }[],
  kind: LegendEntry['kind'],
): LegendEntry[] {
  return drawn.map(({ variant }) => ({
    name: labelOf(group, variant),
    colourIndex: colourIndexOf(main, variant),
    kind,
  }))
}
