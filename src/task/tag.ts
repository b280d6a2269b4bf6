import type { Static } from 'typebox'
import { noOptions } from '../core/part.js'
import { type HostTensor, ints } from '../core/tensors.js'
import { type Tensor, type Tensor1D, tensor, tf } from '../core/tf.js'
import { subtree, type Tree } from '../core/tree.js'
import type { Split } from '../data/types.js'
import { softmaxLayer } from '../model/heads/output.js'
import { denseParameters } from '../model/maps/dense.js'
import type { BatchShape, ModelSizes, Noise, Params } from '../model/types.js'
import { maskOf } from './collate.js'
import { labelLoss, labelPredictions, rowOf, type Scored, sum } from './labels.js'
import { buildReader, type Reader, readerProblems, sourceBatch, sourceOf, sourceSpecs } from './reader.js'
import { labelCount, rowLength } from './sizes.js'
import type { Prediction, Predictor, Task, TaskModel } from './types.js'

/** N-N: a label for every symbol. */
export const tag: Task<typeof noOptions, Static<typeof noOptions>> = {
  name: 'tag',
  summary: 'A label for every symbol of a sequence (N-N): parts of speech, slots of a ticket order.',
  equations: ['p(y_s | x) = softmax(W h_s + b)', 'L = −Σ_s ln p(y_s | x)'],
  symbols: {
    W: ['V', 'D'],
    h_s: ['D'],
    b: ['V'],
  },
  source: { paper: 'Mesnil et al. 2013, Investigation of Recurrent-Neural-Network Architectures for Slot Filling' },
  options: noOptions,
  sections: { source: 'required', target: 'refused', encoder: 'required', context: 'refused', decoder: 'refused' },
  sides: { source: 'tokens', target: 'labels' },
  decodes: false,
  trainOptions: ['labelSmoothing'],
  defaultMetrics: ['token-accuracy'],
  problems: (_, model) => readerProblems(model, { kind: 'ids', stepByStep: false }),
  build: (_, model, sizes) => tagModel(buildReader(model, sizes), sizes),
}

function tagModel(reader: Reader, sizes: ModelSizes): TaskModel {
  const scored = (params: Params, batch: Tree<Tensor>, noise: Noise): Scored => {
    const { outputs } = reader.read(params, sourceOf(batch), noise)
    return { layer: softmaxLayer(subtree(params, 'head')), x: tf.reshape(outputs, [-1, outputs.shape[2]]) }
  }
  return {
    parameters: { ...reader.parameters, head: denseParameters(reader.encoder.outputSize, labelCount(sizes)) },
    inputs: (shape) => {
      const { batch, source } = shape
      const labels = { dtype: 'int32', shape: [batch, source] } as const
      return {
        source: sourceSpecs(sizes, shape),
        target: { labels, mask: { dtype: 'float32', shape: [batch, source] } },
      }
    },
    collate,
    noise: ({ batch, source }) => ({ encoder: reader.encoder.noise({ batch, steps: source }) }),
    loss: (params, batch, noise, settings) => {
      const target = subtree(batch, 'target')
      const flat = (name: string) => tf.reshape(tensor(target, name), [-1]) as Tensor1D
      return labelLoss(scored(params, batch, noise), flat('labels'), flat('mask'), settings)
    },
    carry: () => ({}),
    predictor: tagPredictor(scored),
  }
}

/** Labels [B,S] and their mask; a label that training never saw (below 0) is masked out. */
function collate(split: Split, rows: readonly number[], shape: BatchShape): Tree<HostTensor> {
  const size = [shape.batch, shape.source] as const
  const mask = maskOf(split.source, rows, size)
  const labels = new Int32Array(shape.batch * shape.source)
  const { data, offsets } = split.target
  rows.forEach((row, index) => {
    for (let step = 0; step < rowLength(offsets, row); step++) {
      const [place, label] = [index * shape.source + step, data[(offsets[row] ?? 0) + step] ?? 0]
      if (label < 0) mask.data[place] = 0
      else labels[place] = label
    }
  })
  return { source: sourceBatch(split, rows, shape), target: { labels: ints(labels, size), mask } }
}

function tagPredictor(scored: (params: Params, batch: Tree<Tensor>, noise: Noise) => Scored): Predictor {
  return {
    predict: async (run, split, indices, shape) => {
      const pure = (params: Params, batch: Tree<Tensor>) => {
        const labels = tensor(subtree(batch, 'target'), 'labels')
        return labelPredictions(scored(params, batch, undefined), labels, [shape.batch, shape.source])
      }
      const batch = collate(split, indices, shape)
      const found = await run('tag', pure, batch)
      return indices.map((index, row) =>
        prediction(found, subtree(batch, 'target'), row, rowLength(split.source.offsets, index)),
      )
    },
  }
}

function prediction(found: Tree<HostTensor>, target: Tree<HostTensor>, row: number, length: number): Prediction {
  const mask = rowOf(target, 'mask', row, length)
  const nats = rowOf(found, 'nats', row, length).map((value, step) => value * (mask[step] ?? 0))
  return {
    ids: rowOf(found, 'ids', row, length),
    score: sum(rowOf(found, 'logProbs', row, length)),
    crossEntropyNats: sum(nats),
    crossEntropyTokens: sum(mask),
  }
}
