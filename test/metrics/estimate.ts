import { isUndefined } from '../../src/core/measured.js'
import type { AnyResult } from '../../src/report/format/values.js'

/** A result that has a value and an interval. Throws where it lacks one, with the reason. */
export function estimateOf(result: AnyResult | undefined) {
  if (result === undefined) throw new Error('there is no such metric')
  if (isUndefined(result)) throw new Error(result.reason)
  const { value, interval } = result
  if (isUndefined(interval)) throw new Error(interval.reason)
  return { value, ...interval }
}
