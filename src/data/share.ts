import type { Column, Dataset, ExactNumbers, Split, WordVectors } from './types.js'

/** The same dataset with its columns in SharedArrayBuffers: worker threads then read one copy. */
export function shareDataset(dataset: Dataset): Dataset {
  return {
    ...dataset,
    ...(dataset.vectors && { vectors: shareVectors(dataset.vectors) }),
    train: shareSplit(dataset.train),
    dev: shareSplit(dataset.dev),
    test: shareSplit(dataset.test),
  }
}

function shareSplit(split: Split): Split {
  const source = shareColumn(split.source)
  const target = split.target === split.source ? source : shareColumn(split.target)
  const { features, attributes } = split
  const shared = Object.entries(attributes ?? {}).map(([name, column]) => [name, shareColumn(column)] as const)
  return {
    ...split,
    ...{ source, target },
    ...(features && { features: shareColumn(features) }),
    ...(attributes && { attributes: Object.fromEntries(shared) }),
    ...(split.ahead && { ahead: shareColumn(split.ahead) }),
    ...(split.exact && { exact: shareExact(split.exact) }),
  }
}

function shareColumn(column: Column): Column {
  const offsets = sharedInts(column.offsets)
  if (column.kind === 'ids') return { ...column, offsets, data: sharedInts(column.data) }
  return { ...column, offsets, data: sharedFloats(column.data) }
}

function shareExact({ reference, naive }: ExactNumbers): ExactNumbers {
  return { reference: sharedDoubles(reference), ...(naive && { naive: sharedDoubles(naive) }) }
}

function shareVectors({ source, target }: NonNullable<Dataset['vectors']>): NonNullable<Dataset['vectors']> {
  const shared = (vectors: WordVectors) => ({ ...vectors, data: sharedFloats(vectors.data) })
  return { ...(source && { source: shared(source) }), ...(target && { target: shared(target) }) }
}

function sharedFloats(numbers: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(numbers.byteLength))
  shared.set(numbers)
  return shared
}

function sharedDoubles(numbers: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(numbers.byteLength))
  shared.set(numbers)
  return shared
}

function sharedInts(numbers: Int32Array): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(numbers.byteLength))
  shared.set(numbers)
  return shared
}
