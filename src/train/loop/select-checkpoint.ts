import { type Costs, compareCost, compareCosts } from '../selection.js'
import type { TrainState } from '../types.js'

/**
 * The state after a validation. Of equal checkpoints the earlier one stays, and one without any number is never the best.
 * Patience counts on unless the first criterion improved: a later criterion decides which checkpoint is kept, not how long
 * training goes on. A validation where the first criterion is undefined says nothing of whether training still helps: it
 * counts neither for nor against, as if it had not been made.
 */
export function selectCheckpoint(state: TrainState, costs: Costs): TrainState {
  const { selection, schedule, step, params } = state
  const [first = null] = costs
  const { sinceImproved, ...before } = selection
  const best = before.best ?? costs.map(() => null)
  const improved = compareCost(first, best[0] ?? null) < 0
  const waited = first === null ? sinceImproved : sinceImproved + 1
  const isBest = compareCosts(costs, best) < 0
  return {
    ...state,
    schedule: { validation: [...schedule.validation, first] },
    selection: {
      ...(isBest ? { best: costs, bestStep: step, bestParams: params } : before),
      sinceImproved: improved ? 0 : waited,
    },
  }
}
