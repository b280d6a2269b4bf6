import { variantsOf } from '../../../../../src/report/analysis/comparison/claims/sides.js'
import type { FoundTrial } from '../../../../../src/report/analysis/comparison/read-trial.js'
import type { TrialSample } from '../../../../../src/report/analysis/comparison/samples.js'
import { groupTrials } from '../../../../../src/report/analysis/comparison/variants.js'

/** The only group of some trials, with its variants as the study `cells` names them. */
export function groupOf(trials: readonly FoundTrial[]) {
  const [group, ...others] = groupTrials(trials, { onlyChanged: true })
  if (group === undefined || others.length > 0) throw new Error('one group')
  return { group, variants: variantsOf('runs/cells', group) }
}

/** Variants whose trials have made-up values, whatever is measured. */
export function valuedVariants(values: readonly (readonly [FoundTrial, TrialSample])[]) {
  const { variants } = groupOf(values.map(([trial]) => trial))
  return { variants, samples: new Map(values) }
}
