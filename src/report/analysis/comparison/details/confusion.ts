import type { OutputKind } from '../../../../task/reporting.js'
import type { PredictionLine } from '../../../../train/types.js'
import { editsOf } from '../../edits.js'
import type { Confusion } from '../types.js'

const confusionsKept = 15

/** Counts of predicted for expected tokens, as the task's outputs are compared. */
export function confusionOf(
  {
    variant,
    seed,
    lines,
  }: { readonly variant: string; readonly seed: number; readonly lines: readonly PredictionLine[] },
  output: OutputKind,
): Confusion {
  const counts = new Map<string, { expected: string; predicted: string; count: number }>()
  for (const line of lines) {
    if (line.values !== undefined) continue
    for (const { kind, reference = '', predicted = '' } of editsOf(output, line)) {
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
