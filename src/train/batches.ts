import { type BucketPlan, epochBatches, type PlannedBatch, planBuckets } from '../data/batching.js'
import type { Split } from '../data/types.js'
import type { TrainOptions } from './options.js'
import type { TrainState } from './types.js'

type Cursor = TrainState['cursor']

/** The training batches, epoch by epoch: a function of the data, the options and the seed alone. */
export interface TrainingBatches {
  readonly plan: BucketPlan
  readonly perEpoch: number
  at(cursor: Cursor): PlannedBatch
  /** Where the next batch is. */
  after(cursor: Cursor): Cursor
}

export function trainingBatches(train: Split, { batchSize, maxShapes }: TrainOptions, seed: number): TrainingBatches {
  const plan = planBuckets(train, { batchSize, maxShapes })
  let current = { epoch: 0, batches: epochBatches(plan, { seed, epoch: 0 }) }
  const perEpoch = current.batches.length
  return {
    plan,
    perEpoch,
    at: ({ epoch, batch }) => {
      if (current.epoch !== epoch) current = { epoch, batches: epochBatches(plan, { seed, epoch }) }
      const found = current.batches[batch]
      if (found === undefined)
        throw new RangeError(`Epoch ${epoch} has ${perEpoch} batches: there is no batch ${batch}`)
      return found
    },
    after: ({ epoch, batch }) => (batch + 1 < perEpoch ? { epoch, batch: batch + 1 } : { epoch: epoch + 1, batch: 0 }),
  }
}
