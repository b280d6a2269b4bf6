import Type, { type Static } from 'typebox'
import type { Problem } from '../core/errors.js'
import { sizeSchema } from '../core/part.js'
import { floats, type HostTensor, type TensorSpec, zeros } from '../core/tensors.js'
import { type Tensor, type Tensor1D, type Tensor2D, tensor, tf } from '../core/tf.js'
import { leaf, leaves, mapTree, subtree, type Tree } from '../core/tree.js'
import type { PlannedBatch } from '../data/batching.js'
import { BOS, EOS, type Split } from '../data/types.js'
import { dense, denseParameters } from '../model/maps/dense.js'
import type { ModelOptions } from '../model/options.js'
import type { BatchShape, ModelSizes, Noise, Params, State } from '../model/types.js'
import { maskOf, padIds } from './collate.js'
import { labelLoss, labelPredictions } from './labels.js'
import { buildReader, type Reader, readerProblems, sourceOf, sourceSpecs } from './reader.js'
import { labelCount } from './sizes.js'
import { chunkBatch, chunksOf, placesOf, strandsOf, streamOf } from './streams.js'
import type { Prediction, RunPure, Task, TaskModel } from './types.js'

const options = Type.Object({
  chunk: Type.Optional(
    sizeSchema(
      'Tokens that one step reads of the whole text, as one stream with an end after every example; none: each example is read by itself, from beginning to end.',
    ),
  ),
  carryState: Type.Optional(
    Type.Boolean({ description: 'Whether the state goes on from one chunk to the next; yes where there are chunks.' }),
  ),
})
type Options = Static<typeof options>

/** What comes next, for every symbol of a text. */
export const languageModel: Task<typeof options, Options> = {
  name: 'language-model',
  summary: 'The next symbol of a text after every symbol; the state may go on from chunk to chunk.',
  equations: ['p(y_t | y_<t) = softmax(W h_t + b)', 'L = −Σ_t ln p(y_t | y_<t)'],
  source: { paper: 'Mikolov et al. 2010, Recurrent Neural Network Based Language Model' },
  options,
  sections: { source: 'required', target: 'refused', encoder: 'required', context: 'refused', decoder: 'refused' },
  sides: { source: 'tokens', target: 'none' },
  decodes: false,
  trainOptions: ['labelSmoothing'],
  defaultMetrics: ['perplexity'],
  problems: (chosen, model) => [
    ...readerProblems(model, { kind: 'ids', stepByStep: true }),
    ...directionProblems(model),
    ...carryProblems(chosen, model),
  ],
  build: (chosen, model, sizes) => lmModel(chosen, buildReader(model, sizes), sizes),
}

function directionProblems({ encoder }: ModelOptions): Problem[] {
  if (!encoder?.bidirectional) return []
  const message = 'a language model must not see what it is to predict, and the second direction does'
  return [{ path: 'model.encoder.bidirectional', message, expected: 'false', received: 'true' }]
}

function carryProblems({ chunk, carryState }: Options, { encoder }: ModelOptions): Problem[] {
  if (chunk === undefined && carryState !== undefined) {
    const message = 'without chunks there is nothing to carry a state from or to'
    return [{ path: 'task.carryState', message, expected: 'a `chunk` beside it, or no carryState' }]
  }
  if (chunk === undefined || carryState === false || encoder?.initialState !== 'learned') return []
  const message = 'a state that goes on from chunk to chunk leaves no place for a learned first state'
  return [{ path: 'model.encoder.initialState', message, expected: 'zero, or task.carryState: false' }]
}

function lmModel({ chunk, carryState }: Options, reader: Reader, sizes: ModelSizes): TaskModel {
  const carries = chunk !== undefined && carryState !== false
  const carry = (batch: number): ReturnType<TaskModel['carry']> =>
    carries
      ? mapTree(reader.encoder.carrySizes, ({ shape, initial }) => ({
          dtype: 'float32',
          shape: [batch, ...shape],
          initial,
        }))
      : {}
  /** The state that a chunk starts from: what came before it, or the encoder's own start. */
  const startOf = (before: State, batch: Tree<Tensor>): State | undefined => {
    if (!carries) return undefined
    const continues = tensor(batch, 'continues')
    const size = tensor<Tensor2D>(subtree(batch, 'target'), 'mask').shape[0]
    const specs = new Map(leaves(carry(size)))
    return mapTree(before, (state, path) => {
      const initial = specs.get(path)?.initial ?? 0
      return tf.add(tf.mul(state, continues), tf.mul(tf.sub(1, continues), initial))
    })
  }
  const read = (params: Params, batch: Tree<Tensor>, noise: Noise, before: State) => {
    const encoded = reader.read(params, sourceOf(batch), noise, startOf(before, batch))
    const flat: Tensor2D = tf.reshape(encoded.outputs, [-1, encoded.outputs.shape[2]])
    return { logits: dense(subtree(params, 'head'), flat), after: carries ? (encoded.carry ?? {}) : {} }
  }
  const inputs = (shape: BatchShape): Tree<TensorSpec> => {
    const steps = chunk ?? shape.source + 1
    const labels = { dtype: 'int32', shape: [shape.batch, steps] } as const
    const target = { labels, mask: { dtype: 'float32', shape: [shape.batch, steps] } as const }
    return {
      source: sourceSpecs(sizes, { ...shape, source: steps }),
      target,
      continues: { dtype: 'float32', shape: [] },
    }
  }
  const streams = memo(({ source }: Split) => streamOf(source))
  const strandsIn = (split: Split, batch: number) => strandsOf(streams(split).length, batch, chunk ?? 1)
  const collate = (split: Split, rows: readonly number[], shape: BatchShape) =>
    chunk === undefined
      ? collateRows(split, rows, shape)
      : chunkBatch(streams(split), strandsIn(split, shape.batch), rows[0] ?? 0)
  const predictions = (params: Params, batch: Tree<Tensor>, before: State) => {
    const { logits, after } = read(params, batch, undefined, before)
    const labels = tensor<Tensor2D>(subtree(batch, 'target'), 'labels')
    return { found: labelPredictions(logits, labels, labels.shape), after }
  }
  const scoreChunks = async (run: RunPure, split: Split, batchSize: number) => {
    // One strand, so that the state that is carried is that of the whole text before.
    const strands = strandsIn(split, carries ? 1 : batchSize)
    const scored = perToken(strands.batch * strands.strand)
    let before: Tree<HostTensor> = mapTree(carry(strands.batch), filled)
    for (let number = 0; number < strands.count; number++) {
      const batch = chunkBatch(streams(split), strands, number)
      const pure = (params: Params, given: Tree<Tensor>) =>
        predictions(params, subtree(given, 'batch'), subtree(given, 'before'))
      const out = await run('language-model', pure, { batch, before })
      before = subtree(out, 'after')
      store(scored, subtree(out, 'found'), strands, number)
    }
    return scored
  }
  return {
    parameters: { ...reader.parameters, head: denseParameters(reader.encoder.outputSize, labelCount(sizes)) },
    inputs,
    collate,
    noise: ({ batch, source }) => ({ encoder: reader.encoder.noise({ batch, steps: chunk ?? source + 1 }) }),
    ...(chunk === undefined
      ? {}
      : {
          chunks: {
            training: (split, batchSize) => chunksOf(strandsIn(split, batchSize)),
            evaluation: wholeSplit,
          },
        }),
    loss: (params, batch, noise, settings, before) => {
      const { logits, after } = read(params, batch, noise, before ?? {})
      const target = subtree(batch, 'target')
      const flat = (name: string) => tf.reshape(tensor(target, name), [-1]) as Tensor1D
      return { ...labelLoss(logits, flat('labels'), flat('mask'), settings), carry: after }
    },
    carry,
    predictor: {
      predict: async (run, split, indices, shape) => {
        if (chunk !== undefined) {
          const scored = await scoreChunks(run, split, shape.batch)
          const places = placesOf(split)
          return indices.map((row) => rowPrediction(scored, places[row] ?? { start: 0, length: 0 }))
        }
        const batch = collateRows(split, indices, shape)
        const out = await run('language-model', (params, given) => predictions(params, given, {}).found, batch)
        const scored = {
          ids: leaf(out, 'ids').data,
          logProbs: leaf(out, 'logProbs').data,
          nats: leaf(out, 'nats').data,
        }
        const steps = shape.source + 1
        return indices.map((index, row) => {
          const length = (split.source.offsets[index + 1] ?? 0) - (split.source.offsets[index] ?? 0) + 1
          return rowPrediction(scored, { start: row * steps, length })
        })
      },
    },
  }
}

/** Every example by itself: bos + y in, y + eos out. */
function collateRows(split: Split, rows: readonly number[], { batch, source }: BatchShape): Tree<HostTensor> {
  const size = [batch, source + 1] as const
  const mask = maskOf(split.source, rows, size, 1)
  return {
    source: { ids: padIds(split.source, rows, size, { before: BOS }), mask },
    target: { labels: padIds(split.source, rows, size, { after: EOS }), mask },
    continues: floats([0], []),
  }
}

/** One batch that holds every example: the predictor reads the split as a stream. */
function wholeSplit({ size }: Split, batchSize: number): PlannedBatch[] {
  return [{ indices: Array.from({ length: size }, (_, row) => row), shape: { batch: batchSize, source: 1, target: 1 } }]
}

type Numbers = Float32Array | Int32Array | Float64Array

interface PerToken {
  readonly ids: Numbers
  readonly logProbs: Numbers
  readonly nats: Numbers
}

function perToken(length: number): PerToken {
  return { ids: new Int32Array(length), logProbs: new Float64Array(length), nats: new Float64Array(length) }
}

/** Puts a chunk's numbers [B,T] to their places in the stream. */
function store(
  into: PerToken,
  found: Tree<HostTensor>,
  { batch, strand, chunk }: ReturnType<typeof strandsOf>,
  number: number,
) {
  for (const name of ['ids', 'logProbs', 'nats'] as const) {
    const { data } = leaf(found, name)
    for (let row = 0; row < batch; row++) {
      const start = row * strand + number * chunk
      const length = Math.min(chunk, (row + 1) * strand - start)
      for (let step = 0; step < length; step++) into[name][start + step] = data[row * chunk + step] ?? 0
    }
  }
}

/** The most probable symbol at each place of an example (its end left out), and what the example itself costs. */
function rowPrediction(
  { ids, logProbs, nats }: PerToken,
  { start, length }: { start: number; length: number },
): Prediction {
  const total = (values: Numbers) => {
    let sum = 0
    for (let at = start; at < start + length; at++) sum += values[at] ?? 0
    return sum
  }
  return {
    ids: Array.from(ids.subarray(start, start + length - 1)),
    score: total(logProbs),
    crossEntropyNats: total(nats),
    crossEntropyTokens: length,
  }
}

function filled({ initial, ...spec }: TensorSpec & { readonly initial?: number }): HostTensor {
  const made = zeros(spec)
  made.data.fill(initial ?? 0)
  return made
}

/** A pure function of an object whose last results are remembered as long as the object lives. */
function memo<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>()
  return (key) => {
    const value = made.get(key) ?? make(key)
    made.set(key, value)
    return value
  }
}
