import type { BatchShape } from '../core/tensors.js'
import type { Split } from '../data/types.js'
import { factorPlaces } from '../model/sizes.js'
import { attributeSteps } from '../task/batches/collate.js'
import { rowLength } from '../task/sizes.js'
import type { Examples, TaskModel } from '../task/types.js'
import type { TrainedParts } from './trained-parts.js'

export interface Batch {
  readonly indices: readonly number[]
  readonly shape: BatchShape
}

/** How sources are put into batches. */
export interface Batching {
  /** Examples of a batch at most. */
  readonly most: number
  /** Batches have as many rows as examples, up to a multiple of this: so no row depends on those around it. */
  readonly rowsStep: number
  /** Whether every batch has `most` rows, filled or not: graphs are made for one number of rows each. */
  readonly fixed: boolean
}

export const fixedRows: Batching = { most: 16, rowsStep: 16, fixed: true }

/** The exported form takes any number of rows; its functions say of how many they are to be a multiple (those of before: 16). */
export function flexibleRows(functions: Iterable<{ readonly rowsStep?: number | undefined }>): Batching {
  return { most: 64, rowsStep: Math.max(...[...functions].map(({ rowsStep = 16 }) => rowsStep)), fixed: false }
}

/** What a search is told of the rows of its steps. */
export function packing({ fixed, rowsStep }: Batching): { readonly rowsStep?: number } {
  return fixed ? {} : { rowsStep }
}

/** Sources are padded to a multiple of this: few shapes, each of which is compiled once. */
export const lengthStep = 8

/** Sources in batches of equal padded length (features, characters and factors too): so neither the batch nor the padding of one depends on the others. */
export function planBatches(
  { model, sizes }: Pick<TrainedParts, 'model' | 'sizes'>,
  { source, features, attributes = {} }: Pick<Split, 'source' | 'features' | 'attributes'>,
  batching: Batching,
): Batch[] {
  const all = Array.from({ length: source.offsets.length - 1 }, (_, index) => index)
  // A model that reads a split as one text reads each source as a text of its own.
  if (model.chunks !== undefined)
    return all.map((index) => {
      const length = paddedLength(rowLength(source.offsets, index), sizes.longestSource)
      return { indices: [index], shape: { batch: 1, source: length, target: 1 } }
    })
  const places = factorPlaces(sizes)
  const byLength = new Map<string, { readonly length: number; readonly indices: number[] }>()
  for (const index of all) {
    const length = paddedLength(rowLength(source.offsets, index), sizes.longestSource)
    const featureCount = features === undefined ? 0 : rowLength(features.offsets, index)
    const lists = Object.entries(attributes).map(([name, column]) => {
      const { longest = 1, several } = sizes.attributes?.[name] ?? {}
      return { several, steps: attributeSteps(source, column, [index], several === true ? places : longest) }
    })
    // Factors that may have several values are padded to as many.
    const values = Math.max(places, ...lists.map(({ several, steps }) => (several === true ? steps : 1)))
    const others = lists.flatMap(({ several, steps }) => (several === true ? [] : [steps]))
    const key = [length, Math.max(sizes.features?.longest ?? 0, featureCount), ...others, values].join(' ')
    const equal = byLength.get(key)
    if (equal === undefined) byLength.set(key, { length, indices: [index] })
    else equal.indices.push(index)
  }
  return [...byLength.values()].flatMap(({ length, indices }) =>
    pieces(indices, batching.most).map((piece) => {
      return { indices: piece, shape: { batch: rowsOf(piece.length, batching), source: length, target: 1 } }
    }),
  )
}

/** A batch as the model is given it: one that reads a split as one text is given a source as a split of its own. */
export function examplesOf<S extends Pick<Split, 'source'>>(
  { chunks }: Pick<TaskModel, 'chunks'>,
  split: S,
  batch: Batch,
): Examples<S> {
  const [row = 0] = batch.indices
  if (chunks === undefined || split.source.kind !== 'ids') return { split, ...batch }
  const { data, offsets } = split.source
  const own = data.slice(offsets[row], offsets[row + 1])
  const source = { kind: 'ids', data: own, offsets: Int32Array.of(0, own.length) } as const
  return { split: { ...split, source }, indices: [0], shape: batch.shape }
}

/** The shape of a batch of texts that begin alike. */
export function writingShape(texts: number, promptSteps: number, batching: Batching): BatchShape {
  const batch = rowsOf(texts, batching)
  return { batch, source: lengthStep * Math.ceil(Math.max(1, promptSteps) / lengthStep), target: 1 }
}

function rowsOf(examples: number, { most, rowsStep, fixed }: Batching): number {
  return Math.max(fixed ? most : 0, rowsStep * Math.ceil(examples / rowsStep))
}

/** Not beyond what training saw: some parts have weights for so many steps and no more. */
function paddedLength(length: number, longest: number): number {
  const padded = lengthStep * Math.ceil(length / lengthStep)
  return padded <= longest ? padded : Math.max(length, longest)
}

function pieces(indices: readonly number[], most: number): (readonly number[])[] {
  return Array.from({ length: Math.ceil(indices.length / most) }, (_, at) => indices.slice(at * most, (at + 1) * most))
}
