import type { PlannedEvaluation, PlannedTrial } from '../../spec/types.js'

/** What a trial was trained from, and its first evaluation. */
export function identityOf({ trainHash, digests, evaluations: [evaluation] }: PlannedTrial): {
  readonly trainHash: string
  readonly digests: PlannedTrial['digests']
  readonly evaluation: PlannedEvaluation
} {
  if (evaluation === undefined) throw new RangeError('A planned trial has an evaluation')
  return { trainHash, digests, evaluation }
}
