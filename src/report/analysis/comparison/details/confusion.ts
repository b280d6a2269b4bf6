import type { PredictionLine } from '../../../../train/types.js'
import { nearestEdits } from '../../edits.js'
import type { Confusion } from '../types.js'

const confusionsKept = 15

/** Which tokens are given for which, by shortest edit scripts to the nearest reference. */
export function confusionOf(variant: string, seed: number, lines: readonly PredictionLine[]): Confusion {
  const counts = new Map<string, { expected: string; given: string; count: number }>()
  for (const { references, hypothesis, values } of lines) {
    if (values !== undefined) continue
    for (const { kind, reference = '', given = '' } of nearestEdits(references, hypothesis)) {
      if (kind === 'match') continue
      const key = JSON.stringify([reference, given])
      const before = counts.get(key) ?? { expected: reference, given, count: 0 }
      counts.set(key, { ...before, count: before.count + 1 })
    }
  }
  const pairs = [...counts.values()].sort(
    (a, b) => b.count - a.count || (a.expected + a.given < b.expected + b.given ? -1 : 1),
  )
  return { variant, seed, pairs: pairs.slice(0, confusionsKept) }
}
