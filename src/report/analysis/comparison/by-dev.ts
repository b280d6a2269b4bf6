import { isNumber } from '../../../core/measured.js'
import type { MetricComparison } from './types.js'

// The order in which variants are shown everywhere: as a reader would select them, who may not look at test.

/** Values of the variants, the best on dev first. */
export function byDev({ values, better }: MetricComparison) {
  const sign = better === 'lower' ? 1 : -1
  const costOf = ({ dev, mean }: MetricComparison['values'][number]) => {
    const value = isNumber(dev) ? dev : mean.value
    return value === null ? Number.MAX_VALUE : sign * value
  }
  return values.toSorted((a, b) => costOf(a) - costOf(b))
}

/** What is of variants, that of the best on dev first. */
export function byRank<T extends { readonly variant: string }>(main: MetricComparison, items: readonly T[]): T[] {
  const ranks = new Map(byDev(main).map(({ variant }, at) => [variant, at]))
  const of = ({ variant }: T) => ranks.get(variant) ?? ranks.size
  return items.toSorted((a, b) => of(a) - of(b))
}
