import type { Column, Dataset, Split } from './types.js'

/** The same dataset with its columns in SharedArrayBuffers: worker threads then read one copy. */
export function shareDataset(dataset: Dataset): Dataset {
  return {
    ...dataset,
    train: shareSplit(dataset.train),
    dev: shareSplit(dataset.dev),
    test: shareSplit(dataset.test),
  }
}

function shareSplit(split: Split): Split {
  const source = shareColumn(split.source)
  return { ...split, source, target: split.target === split.source ? source : shareColumn(split.target) }
}

function shareColumn(column: Column): Column {
  const offsets = sharedInts(column.offsets)
  if (column.kind === 'ids') return { ...column, offsets, data: sharedInts(column.data) }
  const data = new Float32Array(new SharedArrayBuffer(column.data.byteLength))
  data.set(column.data)
  return { ...column, offsets, data }
}

function sharedInts(numbers: Int32Array): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(numbers.byteLength))
  shared.set(numbers)
  return shared
}
