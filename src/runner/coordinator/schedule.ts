import type { PlannedTrial } from '../../spec/types.js'

/**
 * Order of starting: longest expected first, so that no long trial is left for the end; equals in the plan's order (sort
 * is stable).
 */
export function byExpectedTime(left: PlannedTrial, right: PlannedTrial): number {
  return (right.cost?.milliseconds ?? 0) - (left.cost?.milliseconds ?? 0)
}
