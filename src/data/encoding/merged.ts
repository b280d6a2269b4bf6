import type { Merged, Sides } from '../types.js'
import type { HeldOutExample } from './sets.js'

/** What grouping by source made of each held-out set, by name; nothing of sets in which every source is once. */
export function mergedIn(
  sets: Readonly<Record<string, readonly HeldOutExample[]>>,
  { target }: Pick<Sides, 'target'>,
): { readonly merged?: Readonly<Record<string, Merged>> } {
  const entries = Object.entries(sets).flatMap(([name, examples]) => {
    const read = examples.reduce((sum, { merged = 1 }) => sum + merged, 0)
    if (read === examples.length) return []
    const several = target === 'label' ? examples.filter(({ targets }) => targets.length > 1).length : 0
    return [[name, { read, examples: examples.length, ...(several > 0 && { severalLabels: several }) }] as const]
  })
  return entries.length === 0 ? {} : { merged: Object.fromEntries(entries) }
}
