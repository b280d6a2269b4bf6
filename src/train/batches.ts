import { epochBatches, type PlannedBatch, planBuckets } from '../data/batching.js'
import type { Split } from '../data/types.js'
import type { BatchShape } from '../model/noise.js'
import type { TaskModel } from '../task/types.js'
import type { TrainOptions } from './options.js'
import type { TrainState } from './types.js'

type Cursor = TrainState['cursor']

/** The training batches, epoch by epoch: a function of the data, the options and the seed alone. */
export interface TrainingBatches {
  readonly shapes: readonly BatchShape[]
  /** Positions that are padding over all positions of an epoch, from 0 to 1. */
  readonly paddingShare: number
  readonly perEpoch: number
  at(cursor: Cursor): PlannedBatch
  /** Where the next batch is. */
  after(cursor: Cursor): Cursor
}

/** Batches of examples of like length, shuffled every epoch; or a task's own chunks, in order. */
export function trainingBatches(model: TaskModel, train: Split, options: TrainOptions, seed: number): TrainingBatches {
  const { batchSize, maxShapes } = options
  const chunks = model.chunks?.training(train, batchSize)
  if (chunks !== undefined) return epochsOf(() => chunks, { shapes: shapesOf(chunks), paddingShare: 0 })
  const plan = planBuckets(train, { batchSize, maxShapes })
  const shapes = plan.buckets.map(({ shape }) => shape)
  return epochsOf((epoch) => epochBatches(plan, { seed, epoch }), { shapes, paddingShare: plan.paddingShare })
}

function epochsOf(
  plan: (epoch: number) => readonly PlannedBatch[],
  described: Pick<TrainingBatches, 'shapes' | 'paddingShare'>,
): TrainingBatches {
  let current = { epoch: 0, batches: plan(0) }
  const perEpoch = current.batches.length
  return {
    ...described,
    perEpoch,
    at: ({ epoch, batch }) => {
      if (current.epoch !== epoch) current = { epoch, batches: plan(epoch) }
      const found = current.batches[batch]
      if (found === undefined)
        throw new RangeError(`Epoch ${epoch} has ${perEpoch} batches: there is no batch ${batch}`)
      return found
    },
    after: ({ epoch, batch }) => (batch + 1 < perEpoch ? { epoch, batch: batch + 1 } : { epoch: epoch + 1, batch: 0 }),
  }
}

function shapesOf(batches: readonly PlannedBatch[]): BatchShape[] {
  return batches.slice(0, 1).map(({ shape }) => shape)
}

/** Steps in all: as given, or as many as `epochs` passes over the batches make. */
export function totalSteps({ steps, epochs, accumulate }: TrainOptions, batchesPerEpoch: number): number {
  return steps ?? Math.max(1, Math.floor(((epochs ?? 0) * batchesPerEpoch) / accumulate))
}
