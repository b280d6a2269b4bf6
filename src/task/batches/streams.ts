import { floats, type HostTensor, ints } from '../../core/tensors.js'
import type { Tree } from '../../core/tree.js'
import type { PlannedBatch } from '../../data/batching.js'
import { BOS, type Column, EOS, type Split } from '../../data/types.js'

/** All rows of a column one after the other, each with eos at its end. */
export function streamOf(column: Column): Int32Array {
  if (column.kind !== 'ids') throw new RangeError('A language model reads symbols, not numbers')
  const { data, offsets } = column
  const rows = offsets.length - 1
  const stream = new Int32Array(data.length + rows)
  for (let row = 0, at = 0; row < rows; row++) {
    const end = offsets[row + 1] ?? 0
    for (let element = offsets[row] ?? 0; element < end; element++) stream[at++] = data[element] ?? 0
    stream[at++] = EOS
  }
  return stream
}

/** How one stream lies in `batch` parallel strands of `strand` tokens, read in chunks of `chunk` tokens. */
export interface Strands {
  readonly batch: number
  readonly strand: number
  readonly chunk: number
  readonly count: number
}

/** At most `batchSize` strands, none shorter than a chunk where the stream allows it. */
export function strandsOf(length: number, batchSize: number, chunk: number): Strands {
  const batch = Math.min(batchSize, Math.max(1, Math.floor(length / chunk)))
  const strand = Math.ceil(length / batch)
  return { batch, strand, chunk, count: Math.ceil(strand / chunk) }
}

/** One batch a chunk, in order; a batch's one index is the chunk's number. */
export function chunksOf(strands: Strands): PlannedBatch[] {
  const shape = { batch: strands.batch, source: strands.chunk, target: strands.chunk }
  return Array.from({ length: strands.count }, (_, chunk) => ({ indices: [chunk], shape }))
}

/**
 * Chunk `number` of every strand: input ids [B,T] (each token's predecessor, bos at the stream's start), labels [B,T],
 * mask [B,T], and `continues`: 0 at the first chunk, else 1.
 */
export function chunkBatch(stream: Int32Array, strands: Strands, number: number): Tree<HostTensor> {
  const { batch, strand, chunk } = strands
  const [ids, labels] = [new Int32Array(batch * chunk), new Int32Array(batch * chunk)]
  const mask = new Float32Array(batch * chunk)
  for (let row = 0; row < batch; row++) {
    const start = row * strand + number * chunk
    const end = Math.min(start + chunk, (row + 1) * strand, stream.length)
    for (let position = start; position < end; position++) {
      const place = row * chunk + position - start
      ids[place] = position === 0 ? BOS : (stream[position - 1] ?? 0)
      labels[place] = stream[position] ?? 0
      mask[place] = 1
    }
  }
  const size = [batch, chunk]
  const real = floats(mask, size)
  return {
    source: { ids: ints(ids, size), mask: real },
    target: { labels: ints(labels, size), mask: real },
    continues: floats([number === 0 ? 0 : 1], []),
  }
}

/** What each row of a split is given in a stream: where its tokens (and eos) begin and how many there are. */
export function placesOf({ source }: Pick<Split, 'source'>): { readonly start: number; readonly length: number }[] {
  const { offsets } = source
  return Array.from({ length: offsets.length - 1 }, (_, row) => ({
    start: (offsets[row] ?? 0) + row,
    length: (offsets[row + 1] ?? 0) - (offsets[row] ?? 0) + 1,
  }))
}
