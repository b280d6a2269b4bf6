import type { BatchShape } from '../core/tensors.js'
import type { Split } from '../data/types.js'
import { rowLength } from '../task/sizes.js'
import type { TrainedParts } from './trained-parts.js'

export interface Batch {
  readonly indices: readonly number[]
  readonly shape: BatchShape
}

/** How sources are put into batches. */
export interface Batching {
  /** Examples of a batch at most. */
  readonly most: number
  /** Rows of every batch, filled or not; where absent, as many as there are examples, and then up to a multiple of 16. */
  readonly rows?: number
}

/** Graphs are made for one number of rows each. */
export const fixedRows: Batching = { most: 16, rows: 16 }
/** The exported form takes any number of rows. */
export const flexibleRows: Batching = { most: 64 }

/**
 * ONNX Runtime computes the numbers at the end of a tensor one by one, and all others in vectors of up to 16 with other last
 * bits; and a row alone differently from one among others. So every row is in a whole vector, whatever its neighbours.
 */
export const rowsStep = 16
/** Sources are padded to a multiple of this: few shapes, each of which is compiled once. */
const lengthStep = 8

/** Sources in batches of equal padded length (features too): so neither the batch nor the padding of one depends on the others. */
export function planBatches(
  { model, sizes }: Pick<TrainedParts, 'model' | 'sizes'>,
  { source, features }: Pick<Split, 'source' | 'features'>,
  { most, rows }: Batching,
): Batch[] {
  const all = Array.from({ length: source.offsets.length - 1 }, (_, index) => index)
  // A model that reads a split as one text reads each source as a text of its own.
  if (model.chunks !== undefined)
    return all.map((index) => ({ indices: [index], shape: { batch: 1, source: 1, target: 1 } }))
  const byLength = new Map<string, { readonly length: number; readonly indices: number[] }>()
  for (const index of all) {
    const length = paddedLength(rowLength(source.offsets, index), sizes.longestSource)
    const beside = features === undefined ? 0 : rowLength(features.offsets, index)
    const key = `${length} ${Math.max(sizes.features?.longest ?? 0, beside)}`
    const equal = byLength.get(key)
    if (equal === undefined) byLength.set(key, { length, indices: [index] })
    else equal.indices.push(index)
  }
  return [...byLength.values()].flatMap(({ length, indices }) =>
    pieces(indices, most).map((piece) => {
      const batch = rows ?? rowsStep * Math.ceil(piece.length / rowsStep)
      return { indices: piece, shape: { batch, source: length, target: 1 } }
    }),
  )
}

/** The shape of a batch of texts that begin alike. */
export function writingShape(texts: number, promptSteps: number, { rows }: Batching): BatchShape {
  const batch = Math.max(rows ?? 0, rowsStep * Math.ceil(texts / rowsStep))
  return { batch, source: lengthStep * Math.ceil(Math.max(1, promptSteps) / lengthStep), target: 1 }
}

/** Not beyond what training saw: some parts have weights for so many steps and no more. */
function paddedLength(length: number, longest: number): number {
  const padded = lengthStep * Math.ceil(length / lengthStep)
  return padded <= longest ? padded : Math.max(length, longest)
}

function pieces(indices: readonly number[], most: number): (readonly number[])[] {
  return Array.from({ length: Math.ceil(indices.length / most) }, (_, at) => indices.slice(at * most, (at + 1) * most))
}
