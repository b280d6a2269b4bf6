import type { Claim } from '../../../../spec/types.js'

/** Equal for claims over the same metric, or the same statistic of the same curve: what is corrected together. */
export function measureKey({ metric, curve, at = 'mean' }: Claim): string {
  return JSON.stringify([metric, curve, at])
}
