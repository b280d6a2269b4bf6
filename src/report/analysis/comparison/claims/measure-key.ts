import type { Claim } from '../../../../spec/types.js'

/**
 * Equal for claims over the same metric, or the same statistic of the same curve, that is measured in the same way: what is
 * corrected together.
 */
export function measureKey({ metric, curve, at = 'mean' }: Claim, measure: string): string {
  return JSON.stringify([metric, curve, at, measure])
}
