import type { Static } from 'typebox'
import { noOptions } from '../core/part.js'
import { floats, type HostTensor, ints } from '../core/tensors.js'
import { type Tensor, type Tensor1D, tensor } from '../core/tf.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import type { Split } from '../data/types.js'
import { softmaxLayer } from '../model/heads/output.js'
import { denseParameters } from '../model/maps/dense.js'
import type { BatchShape, ModelSizes, Noise, Params } from '../model/types.js'
import { labelLoss, labelPredictions, type Scored } from './labels.js'
import { buildReader, type Reader, readerProblems, sourceBatch, sourceOf, sourceSpecs } from './reader.js'
import { labelCount } from './sizes.js'
import { buildSummary, type Summary, summaryProblems } from './summary.js'
import type { Task, TaskModel } from './types.js'

/** N-1: one label for a whole sequence. */
export const classify: Task<typeof noOptions, Static<typeof noOptions>> = {
  name: 'classify',
  summary: 'One label for a whole sequence (N-1): the origin of a name, the mood of a sentence.',
  equations: ['p(y | x) = softmax(W C + b)', 'L = −ln p(y | x)'],
  symbols: {
    W: ['V', 'C'],
    C: ['C'],
    b: ['V'],
  },
  source: { paper: 'Dai & Le 2015, Semi-supervised Sequence Learning', url: 'https://arxiv.org/abs/1511.01432' },
  options: noOptions,
  sections: { source: 'required', target: 'refused', encoder: 'required', context: 'required', decoder: 'refused' },
  sides: { source: 'tokens', target: 'label' },
  decodes: false,
  trainOptions: ['labelSmoothing'],
  defaultMetrics: ['accuracy'],
  lossMeasure: () => ({ unit: 'nats', label: 'nats per example' }),
  problems: (_, model) => [...readerProblems(model, { kind: 'ids', stepByStep: false }), ...summaryProblems(model)],
  build: (_, model, sizes) => {
    const reader = buildReader(model, sizes)
    return classifyModel(reader, buildSummary(model, reader.encoder.outputSize), sizes)
  },
}

function classifyModel(reader: Reader, summary: Summary, sizes: ModelSizes): TaskModel {
  const scored = (params: Params, batch: Tree<Tensor>, noise: Noise): Scored => {
    const encoded = reader.read(params, sourceOf(batch), noise)
    return { layer: softmaxLayer(subtree(params, 'head')), x: summary.form(subtree(params, 'context'), encoded) }
  }
  const head = denseParameters(summary.size, labelCount(sizes))
  return {
    parameters: { ...reader.parameters, context: summary.parameters, head },
    inputs: (shape) => ({
      source: sourceSpecs(sizes, shape),
      target: { label: { dtype: 'int32', shape: [shape.batch] }, mask: { dtype: 'float32', shape: [shape.batch] } },
    }),
    collate,
    noise: ({ batch, source }) => ({ encoder: reader.encoder.noise({ batch, steps: source }) }),
    loss: (params, batch, noise, settings) => {
      const target = subtree(batch, 'target')
      const [label, mask] = [tensor<Tensor1D>(target, 'label'), tensor<Tensor1D>(target, 'mask')]
      return labelLoss(scored(params, batch, noise), label, mask, settings)
    },
    carry: () => ({}),
    predictor: {
      predict: async (run, split, indices, shape) => {
        const pure = (params: Params, batch: Tree<Tensor>) => {
          const label = tensor(subtree(batch, 'target'), 'label')
          return labelPredictions(scored(params, batch, undefined), label, [shape.batch, 1])
        }
        const batch = collate(split, indices, shape)
        const found = await run('classify', pure, batch)
        const at = (tree: Tree<HostTensor>, name: string, row: number) => leaf(tree, name).data[row] ?? Number.NaN
        return indices.map((_, row) => {
          const known = at(subtree(batch, 'target'), 'mask', row)
          const crossEntropyNats = known * at(found, 'nats', row)
          const [ids, score] = [[at(found, 'ids', row)], at(found, 'logProbs', row)]
          return { ids, score, crossEntropyNats, crossEntropyTokens: known }
        })
      },
    },
  }
}

/** Labels [B] and their mask; a label that training never saw (below 0) is masked out. */
function collate(split: Split, rows: readonly number[], shape: BatchShape): Tree<HostTensor> {
  const label = new Int32Array(shape.batch)
  const mask = new Float32Array(shape.batch)
  const { data, offsets } = split.target
  rows.forEach((row, index) => {
    const id = data[offsets[row] ?? 0] ?? 0
    label[index] = Math.max(0, id)
    mask[index] = id < 0 ? 0 : 1
  })
  const target = { label: ints(label, [shape.batch]), mask: floats(mask, [shape.batch]) }
  return { source: sourceBatch(split, rows, shape), target }
}
