import { byRank } from '../../../analysis/comparison/by-dev.js'
import type { Group } from '../../../analysis/comparison/types.js'
import type { LegendEntry } from '../../page/legend.js'
import type { View } from './types.js'

// How the figures of a comparison order, label and colour its variants.

/** With one seed per variant there are no means and no variance between seeds. */
export function hasSeeds({ variants }: Group): boolean {
  return variants.some(({ seeds }) => seeds.length > 1)
}

export function labelOf(group: Group, id: string): string {
  return group.variants.find((variant) => variant.id === id)?.label ?? id
}

const shownAtFirst = 8

/** What is drawn of a group where nothing is filtered or chosen: the variants that are best on dev by the main metric. */
export function firstView(group: Group, prefix: string): View {
  const matching = new Set(group.variants.map(({ id }) => id))
  return viewOf(group, { prefix, matching, shown: firstShown(group, matching) })
}

/** Of some variants those drawn as curves until the reader selects others. */
export function firstShown(group: Group, matching: ReadonlySet<string>): Set<string> {
  const main = group.metrics[0]
  if (main === undefined) return new Set()
  // Those that are not measured in it come last: their losses are drawn all the same.
  const ranked = byRank(
    main,
    group.variants.map(({ id }) => ({ variant: id })),
  )
  return new Set(ranked.flatMap(({ variant }) => (matching.has(variant) ? [variant] : [])).slice(0, shownAtFirst))
}

/**
 * The view with colours: a variant that is drawn keeps the one that it had before, where no other has taken it, and the
 * others get the first ones that are free, the best on dev first.
 */
export function viewOf(
  group: Group,
  view: Omit<View, 'colours'>,
  before: ReadonlyMap<string, number> = new Map(),
): View {
  const main = group.metrics[0]
  const ranked =
    main === undefined
      ? []
      : byRank(
          main,
          [...view.shown].map((variant) => ({ variant })),
        )
  const colours = new Map<string, number>()
  const taken = new Set<number>()
  const take = (id: string, index: number) => {
    colours.set(id, index)
    taken.add(index)
  }
  for (const { variant } of ranked) {
    const kept = before.get(variant)
    if (kept !== undefined && !taken.has(kept)) take(variant, kept)
  }
  for (const { variant } of ranked) {
    if (colours.has(variant)) continue
    let free = 0
    while (taken.has(free)) free++
    take(variant, free)
  }
  return { ...view, colours }
}

export function legendOf(
  group: Group,
  { colours }: View,
  drawn: readonly { variant: string }[],
  kind: LegendEntry['kind'],
): LegendEntry[] {
  return drawn.map(({ variant }) => ({
    name: labelOf(group, variant),
    colourIndex: colours.get(variant) ?? 0,
    kind,
  }))
}
