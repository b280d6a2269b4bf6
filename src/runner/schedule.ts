import type { PlannedTrial } from '../spec/types.js'

/**
 * Order of starting: longest expected first, so that no long trial is left for the end; equals in the plan's order (sort
 * is stable).
 */
export function byExpectedWork(left: PlannedTrial, right: PlannedTrial): number {
  return expectedWork(right) - expectedWork(left)
}

/** Grows with a trial's time: examples seen times the products of a cell's sizes, layer by layer. No unit. */
export function expectedWork({ spec }: PlannedTrial): number {
  const { train, model } = spec
  const encoder = model.encoder === undefined ? 0 : stackWork(model.encoder) * (model.encoder.bidirectional ? 2 : 1)
  const decoder = model.decoder === undefined ? 0 : stackWork(model.decoder)
  const steps = train.steps ?? (train.epochs ?? 1) * assumedStepsAnEpoch
  return train.batchSize * steps * (encoder + decoder + 1)
}

/** Only an order follows from it, and only between trials that count steps and trials that count epochs. */
const assumedStepsAnEpoch = 1000

function stackWork({ hidden, layers }: { readonly hidden: number; readonly layers: number }): number {
  return layers * hidden * hidden
}
