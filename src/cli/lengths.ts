import type { Column, Dataset } from '../data/types.js'
import type { TrainOptions } from '../train/options.js'

/** Mean lengths of training rows, rounded up: what most batches are about as long as. */
export function meanLengths({ train }: Dataset): { readonly source: number; readonly target: number } {
  return { source: meanLength(train.source), target: meanLength(train.target) + 1 }
}

function meanLength({ offsets }: Column): number {
  const rows = Math.max(1, offsets.length - 1)
  return Math.max(1, Math.ceil((offsets.at(-1) ?? 0) / rows))
}

/** Steps in all, also where epochs are given. */
export function trainingSteps({ steps, epochs, batchSize }: TrainOptions, { train }: Dataset): number {
  return steps ?? (epochs ?? 1) * Math.ceil(train.size / batchSize)
}
