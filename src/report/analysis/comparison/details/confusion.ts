import type { PredictionLine } from '../../../../train/types.js'
import { nearestEdits } from '../../edits.js'
import type { Confusion } from '../types.js'

const confusionsKept = 15

/** Counts of predicted for expected tokens, by shortest edit scripts to the nearest reference. */
export function confusionOf(variant: string, seed: number, lines: readonly PredictionLine[]): Confusion {
  const counts = new Map<string, { expected: string; predicted: string; count: number }>()
  for (const { references, hypothesis, values } of lines) {
    if (values !== undefined) continue
    for (const { kind, reference = '', predicted = '' } of nearestEdits(references, hypothesis)) {
      if (kind === 'match') continue
      const key = JSON.stringify([reference, predicted])
      const before = counts.get(key) ?? { expected: reference, predicted, count: 0 }
      counts.set(key, { ...before, count: before.count + 1 })
    }
  }
  const pairs = [...counts.values()].sort(
    (a, b) => b.count - a.count || (a.expected + a.predicted < b.expected + b.predicted ? -1 : 1),
  )
  return { variant, seed, pairs: pairs.slice(0, confusionsKept) }
}
