import { randomStream } from '../core/random.js'
import type { BatchShape } from '../core/tensors.js'
import { lengthsOf } from './encoding/columns.js'
import { type Bucket, chooseBuckets } from './shapes.js'
import type { Split } from './types.js'

export interface PlannedBatch {
  /** Examples; where there are fewer than `shape.batch` the other rows are padding. */
  readonly indices: readonly number[]
  readonly shape: BatchShape
}

export interface BatchSettings {
  /** Rows a batch; a split with fewer examples has one batch of its own size. */
  readonly batchSize: number
  readonly maxShapes: number
}

/** The buckets of a split: a function of its lengths alone, so the same in every epoch and under every seed. */
export interface BucketPlan {
  readonly buckets: readonly { readonly shape: BatchShape; readonly indices: readonly number[] }[]
  /** Positions that are padding over all positions of an epoch, from 0 to 1. */
  readonly paddingShare: number
}

/** Finds the buckets of a split (see shapes.ts) and puts each example into its own. */
export function planBuckets({ size, source, target }: Split, { batchSize, maxShapes }: BatchSettings): BucketPlan {
  const lengths = { sources: lengthsOf(source), targets: lengthsOf(target) }
  const batch = Math.min(batchSize, size)
  return fill(chooseBuckets(lengths.sources, lengths.targets, { batch, maxShapes }), batch, lengths)
}

interface Lengths {
  readonly sources: Int32Array
  readonly targets: Int32Array
}

/** Puts each example of a split into the first bucket that holds it. */
function fill(chosen: readonly Bucket[], batch: number, { sources, targets }: Lengths): BucketPlan {
  const members = chosen.map((): number[] => [])
  for (let row = 0; row < sources.length; row++) {
    const [source = 0, target = 0] = [sources[row], targets[row]]
    members[chosen.findIndex((bucket) => source <= bucket.source && target <= bucket.target)]?.push(row)
  }
  const buckets = chosen.map(({ source, target }, index) => ({
    shape: { batch, source, target },
    indices: members[index] ?? [],
  }))
  return { buckets, paddingShare: paddingShare(buckets, total(sources) + total(targets)) }
}

/**
 * The batches of one epoch: under training every bucket is shuffled, cut into batches, and the batches of all buckets
 * are shuffled; else all in order.
 */
export function epochBatches(
  { buckets }: BucketPlan,
  training: { readonly seed: number; readonly epoch: number } | false,
): PlannedBatch[] {
  const random = training === false ? undefined : randomStream(training.seed, 'shuffle', training.epoch)
  const batches = buckets.flatMap(({ shape, indices }) => {
    const order = random === undefined ? indices : random.shuffle(indices)
    return Array.from({ length: Math.ceil(order.length / shape.batch) }, (_, batch) => ({
      shape,
      indices: order.slice(batch * shape.batch, (batch + 1) * shape.batch),
    }))
  })
  return random === undefined ? batches : random.shuffle(batches)
}

function paddingShare(buckets: BucketPlan['buckets'], real: number): number {
  const positions = buckets.map(({ shape, indices }) => {
    const rows = Math.ceil(indices.length / shape.batch) * shape.batch
    return rows * (shape.source + shape.target)
  })
  const all = positions.reduce((sum, count) => sum + count, 0)
  return all === 0 ? 0 : 1 - real / all
}

function total(lengths: Int32Array): number {
  return lengths.reduce((sum, length) => sum + length, 0)
}
