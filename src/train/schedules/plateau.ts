import Type, { type Static } from 'typebox'
import type { Schedule } from '../parts.js'

const options = Type.Object({
  factor: Type.Number({
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    default: 0.5,
    description: 'What each fall multiplies by.',
  }),
  patience: Type.Integer({ minimum: 1, default: 2, description: 'Validations without a better one before a fall.' }),
})

export const plateau: Schedule<typeof options, Static<typeof options>> = {
  name: 'plateau',
  summary: 'The learning rate falls by a factor when validation stops getting better.',
  equations: ['f = γ^k, k: how often `patience` validations in a row brought nothing better'],
  source: { paper: 'Standard practice; see Luong et al. 2015, section 4.1, for halving' },
  options,
  factor: ({ factor, patience }, _, __, validation) => factor ** falls(validation, patience),
}

/** Values are oriented so that lower is better. */
function falls(validation: readonly number[], patience: number): number {
  let best = Number.POSITIVE_INFINITY
  let waited = 0
  let count = 0
  for (const value of validation) {
    waited = value < best ? 0 : waited + 1
    best = Math.min(best, value)
    if (waited === patience) {
      count += 1
      waited = 0
    }
  }
  return count
}
