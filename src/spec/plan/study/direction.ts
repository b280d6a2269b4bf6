import { metrics } from '../../../metrics/index.js'
import type { Claim } from '../../types.js'

/** Lower or higher, where it is known which of them is better. */
export function directionOf({
  relation,
  metric,
  curve = '',
}: Pick<Claim, 'relation' | 'metric' | 'curve'>): Claim['relation'] {
  const better = losses.includes(curve) ? 'lower' : metrics.find(metric ?? curve)?.better
  if (better === undefined) return relation
  if (relation === 'better') return better
  return relation === 'worse' ? opposite[better] : relation
}

const losses: readonly string[] = ['validation-loss', 'training-loss']

/** Of the same two sides, the other way round. */
export const opposite = {
  better: 'worse',
  worse: 'better',
  lower: 'higher',
  higher: 'lower',
  equivalent: 'equivalent',
} as const satisfies Record<Claim['relation'], Claim['relation']>
