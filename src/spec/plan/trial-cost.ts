import type { Column, Dataset } from '../../data/types.js'
import { taskOf } from '../../task/index.js'
import { modelSizes } from '../../task/sizes.js'
import type { Spec, TrialCost } from '../types.js'
import { type CostShape, costOf } from './cost.js'
import { modelOf } from './parameters.js'

/** Throws RangeError where the model cannot be built under these sizes. */
export function costOfTrial(spec: Spec, data: Dataset): TrialCost {
  const { train } = spec
  const cost = costOf(modelOf(spec, modelSizes(data)), { batch: train.batchSize, ...meanLengths(spec, data) })
  const steps = stepsOf(spec, data)
  return { ...cost, steps, milliseconds: cost.millisecondsAStep * train.accumulate * steps }
}

/**
 * Mean lengths of training rows, rounded up: what most batches are about as long as. Where nothing is decoded, there are
 * no target steps.
 */
export function meanLengths({ task, model }: Spec, { train }: Dataset): Omit<CostShape, 'batch'> {
  const source = meanLength(train.source)
  const steps = taskOf(task).stepsOf?.(source) ?? source
  return { source: steps, target: model.decoder === undefined ? 0 : meanLength(train.target) + 1 }
}

function meanLength({ offsets }: Column): number {
  const rows = Math.max(1, offsets.length - 1)
  return Math.max(1, Math.ceil((offsets.at(-1) ?? 0) / rows))
}

/** Steps in all, also where epochs are given: patience may end a trial earlier. */
function stepsOf({ train: { steps, epochs, batchSize, accumulate } }: Spec, { train }: Dataset): number {
  return steps ?? Math.max(1, Math.floor(((epochs ?? 1) * Math.ceil(train.size / batchSize)) / accumulate))
}
