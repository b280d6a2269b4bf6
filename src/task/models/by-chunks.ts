import { filled, type HostTensor } from '../../core/tensors.js'
import type { Tensor } from '../../core/tf.js'
import { leaf, leaves, mapTree, subtree, type Tree } from '../../core/tree.js'
import type { PlannedBatch } from '../../data/batching.js'
import type { Split } from '../../data/types.js'
import type { Params } from '../../model/parameters.js'
import { chunkBatch, chunksOf, placesOf, type Strands, strandsOf, streamOf } from '../batches/streams.js'
import type { Examples, Predictor, RunPure, ScoredPrediction, TaskModel } from '../types.js'
import { sum } from './labels.js'
import type { NextSymbol } from './next-symbol.js'
import { writer } from './writer.js'

/** A language model that reads a split as one stream, `chunk` tokens at a time; its state may go on in the next chunk. */
export function byChunks(next: NextSymbol, chunk: number): TaskModel {
  const streamIn = memo(({ source }: Pick<Split, 'source'>) => streamOf(source))
  const strandsIn = (split: Pick<Split, 'source'>, batch: number) => strandsOf(streamIn(split).length, batch, chunk)
  // What is predicted at a place is what follows the true symbols before it: so the references are the sources.
  const read = async (run: RunPure, { split, indices, shape }: Examples<Pick<Split, 'source' | 'unknown'>>) => {
    const carries = leaves(next.carry(1)).length > 0
    // One strand where the state goes on, so that it is that of the whole text before.
    const scored = await score(next, run, streamIn(split), strandsIn(split, carries ? 1 : shape.batch))
    const places = placesOf(split)
    return { scored, places: indices.map((row) => places[row] ?? { start: 0, length: 1 }) }
  }
  const evaluate: Predictor['predict'] & Predictor['evaluate'] = async (run, examples) => {
    const { scored, places } = await read(run, examples)
    return places.map((place) => evaluated(scored, place))
  }
  return {
    parameters: next.parameters,
    outline: next.outline,
    inputs: ({ batch }) => next.inputs(batch, chunk),
    collate: (split, [number = 0], shape) => chunkBatch(streamIn(split), strandsIn(split, shape.batch), number),
    noise: ({ batch }) => next.noise(batch, chunk),
    chunks: { training: (split, batchSize) => chunksOf(strandsIn(split, batchSize)), evaluation: wholeSplit },
    loss: (params, batch, noise, settings, before) => next.loss(params, batch, noise, settings, before ?? {}),
    carry: next.carry,
    predictor: {
      ...{ predict: evaluate, evaluate, evaluateExported: evaluate, ...writer(next) },
      score: async (run, examples) => {
        const { scored, places } = await read(run, examples)
        return places.map(({ start, length }) => {
          return { logProbs: Array.from(scored.nats.subarray(start, start + length), (nats) => -nats) }
        })
      },
    },
  }
}

/** One batch that holds every example: the predictor reads the split as a stream. */
function wholeSplit({ size }: Split, batchSize: number): PlannedBatch[] {
  return [{ indices: Array.from({ length: size }, (_, row) => row), shape: { batch: batchSize, source: 1, target: 1 } }]
}

/** By place in the stream: the most probable symbol, its log probability, and what the true one costs. */
interface Scored {
  readonly ids: Int32Array
  readonly logProbs: Float64Array
  readonly nats: Float64Array
}

async function score(next: NextSymbol, run: RunPure, stream: Int32Array, strands: Strands): Promise<Scored> {
  const length = strands.batch * strands.strand
  const scored = { ids: new Int32Array(length), logProbs: new Float64Array(length), nats: new Float64Array(length) }
  const pure = (params: Params, inputs: Tree<Tensor>) => ({
    ...next.predict(params, subtree(inputs, 'batch'), subtree(inputs, 'before')),
  })
  let before: Tree<HostTensor> = mapTree(next.carry(strands.batch), filled)
  for (let number = 0; number < strands.count; number++) {
    const outputs = await run('next-symbol', pure, { batch: chunkBatch(stream, strands, number), before })
    before = subtree(outputs, 'after')
    store(scored, subtree(outputs, 'found'), strands, number)
  }
  return scored
}

/** Puts a chunk's numbers [B,T] to their places in the stream. */
function store(into: Scored, outputs: Tree<HostTensor>, { batch, strand, chunk }: Strands, number: number): void {
  for (const name of ['ids', 'logProbs', 'nats'] as const) {
    const { data } = leaf(outputs, name)
    for (let row = 0; row < batch; row++) {
      const start = row * strand + number * chunk
      const length = Math.min(chunk, (row + 1) * strand - start)
      for (let step = 0; step < length; step++) into[name][start + step] = data[row * chunk + step] ?? 0
    }
  }
}

/** The most probable symbol at each place of an example (its end left out), and what the example itself costs. */
function evaluated(scored: Scored, { start, length }: { start: number; length: number }): ScoredPrediction {
  const placesIn = (values: Float64Array) => Array.from(values.subarray(start, start + length))
  const total = (values: Float64Array) => sum(placesIn(values))
  return {
    ids: Array.from(scored.ids.subarray(start, start + length - 1)),
    score: total(scored.logProbs),
    sourceScores: placesIn(scored.nats).map((nats) => -nats),
    crossEntropyNats: total(scored.nats),
    crossEntropyTokens: length,
  }
}

/** A pure function of an object whose results are remembered as long as the object lives. */
function memo<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const cache = new WeakMap<K, V>()
  return (key) => {
    const value = cache.get(key) ?? make(key)
    cache.set(key, value)
    return value
  }
}
