import type { NamedVariant } from '../../../spec/plan/study/sides.js'
import type { PlannedTrial } from '../../../spec/types.js'

/** A variant as a plan has it: before anything is trained. */
export interface PlannedVariant extends NamedVariant {
  /** Ids of its trials: one a seed. */
  readonly trials: readonly string[]
  /** Equal for variants that a comparison puts side by side: trained and tested on the same data. */
  readonly group: string
}

/** The variants of a plan in its order. */
export function plannedVariants(trials: readonly PlannedTrial[]): readonly PlannedVariant[] {
  const found = new Map<string, PlannedVariant>()
  for (const { id, spec, digests, evaluations } of trials) {
    for (const { label, variant, decode, metrics, testDigest } of evaluations) {
      const group = `${digests.training} ${testDigest}`
      const before = found.get(label) ?? { label, variant, group, trials: [], spec: { ...spec, decode, metrics } }
      found.set(label, { ...before, trials: [...before.trials, id] })
    }
  }
  return [...found.values()]
}
