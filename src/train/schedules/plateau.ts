import Type from 'typebox'
import { defineSchedule } from './types.js'

export const plateau = defineSchedule({
  name: 'plateau',
  summary: 'Reduces the learning rate when validation stops improving.',
  equations: ['f = γ^k, k: number of times that `patience` validations in a row brought no improvement'],
  source: { paper: 'Standard practice; see Luong et al. 2015, section 4.1, for halving' },
  options: Type.Object({
    factor: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.5,
      description: 'Factor of each reduction.',
    }),
    patience: Type.Integer({
      minimum: 1,
      default: 2,
      description:
        'Validations without improvement before a reduction; one in which the selecting metric is undefined does not count.',
    }),
  }),
  needsValidation: true,
  build:
    ({ factor, patience }) =>
    ({ validation }) =>
      factor ** reductions(validation, patience),
})

/** Lower costs are better; a validation whose cost is undefined does not count. */
function reductions(validation: readonly (number | null)[], patience: number): number {
  let best = Number.POSITIVE_INFINITY
  let waited = 0
  let count = 0
  for (const cost of validation) {
    if (cost === null) continue
    waited = cost < best ? 0 : waited + 1
    best = Math.min(best, cost)
    if (waited === patience) {
      count += 1
      waited = 0
    }
  }
  return count
}
