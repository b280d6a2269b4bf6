import { judge } from '../core/judge.js'
import { fill } from '../core/ops.js'
import { noOptions } from '../core/part.js'
import { floats, type HostTensor, ints } from '../core/tensors.js'
import type { Tensor } from '../core/tf.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import type { Split } from '../data/types.js'
import { labelScorerProblems } from '../model/features/problems.js'
import type { BatchShape, Noise } from '../model/noise.js'
import type { ModelOptions } from '../model/options.js'
import { partNode } from '../model/outline.js'
import type { Params } from '../model/parameters.js'
import { labelsOf, type ModelSizes } from '../model/sizes.js'
import { zeroTarget } from './batches/collate.js'
import { buildContextPooling, contextProblems, pooledAxis } from './models/context-pooling.js'
import { besideRows, labelArrows, withAttention } from './models/features-beside.js'
import {
  buildLabelHead,
  distributionsOf,
  type LabelRows,
  labelHeadNodes,
  labelHeadProblems,
  rowsPredicted,
  singleTarget,
} from './models/labels.js'
import { sourceEncoderOf, sourceEncoderProblems, sourceOf } from './models/source-encoder.js'
import { type SourceInputs, sourceInputs } from './models/source-inputs.js'
import { defineTask, type Predictor, type TaskModel } from './types.js'

/** N-1: one label for a whole sequence. */
export const classify = defineTask({
  name: 'classify',
  summary: 'One label for a whole sequence (N-1): the language of a name, the sentiment of a sentence.',
  equations: ['p(y | x) = softmax(W C + b)', 'L = −ln p(y | x)'],
  symbols: {
    W: ['V', 'C'],
    C: ['C'],
    b: ['V'],
  },
  source: { paper: 'Dai & Le 2015, Semi-supervised Sequence Learning', url: 'https://arxiv.org/abs/1511.01432' },
  options: noOptions,
  sections: {
    source: 'required',
    features: 'optional',
    target: 'refused',
    encoder: 'required',
    context: 'required',
    decoder: 'refused',
    head: 'optional',
  },
  sides: { source: 'tokens', target: 'label' },
  decodes: false,
  trainOptions: ['labelSmoothing'],
  defaultMetrics: ['accuracy'],
  build: () => ({
    lossMeasure: { unit: 'nats', label: 'nats per example', over: 'example' },
    problems: (model) =>
      judge(
        () => sourceEncoderProblems(model, { kind: 'ids', stepByStep: false }),
        () => contextProblems(model),
        () => labelScorerProblems(model, (outputs) => pooledAxis(model, outputs)),
        () => labelHeadProblems(model, false),
      ),
    build: classifyModel,
  }),
})

function classifyModel(model: ModelOptions, sizes: ModelSizes): TaskModel {
  const source = sourceEncoderOf(model, sizes)
  const { encoder } = source
  const context = buildContextPooling(model, encoder.output)
  const labels = labelsOf(sizes)
  const beside = besideRows(source.features, context.output, ['B'])
  const head = buildLabelHead(model, beside.output, labels)
  const inputs = sourceInputs(model, sizes)
  const readoutOf = (params: Params, batch: Tree<Tensor>, noise: Noise) => {
    const encoded = source.encode(params, sourceOf(batch), noise)
    return beside.join(params, context.form(subtree(params, 'context'), encoded), 1, encoded)
  }
  const rowsOf = (params: Params, batch: Tree<Tensor>, noise: Noise): LabelRows => {
    const x = readoutOf(params, batch, noise)
    return { x, real: singleTarget(batch).mask, batch: x.shape[0], steps: 1 }
  }
  const { distribution } = head
  const predict = rowsPredicted(head)
  const nodes = [
    ...source.outline,
    ...context.outline,
    ...beside.outline,
    ...labelHeadNodes(model, head, {
      task: 'classify',
      input: beside.output,
      rows: ['B'],
      symbols: labels,
      per: 'example',
    }),
  ]
  const taskNode = partNode(classify, {}, { id: 'task', path: 'task', axes: { V: labels, C: beside.output } })
  return {
    parameters: {
      ...withAttention(source.parameters, beside),
      context: context.parameters,
      head: head.parameters,
    },
    outline: { nodes: [...nodes, taskNode], arrows: labelArrows(nodes, source.features) },
    inputs: (shape) => ({
      source: inputs.specs(shape),
      target: { label: { dtype: 'int32', shape: [shape.batch] }, mask: { dtype: 'float32', shape: [shape.batch] } },
    }),
    collate: (split, rows, shape) => collate(inputs, split, rows, shape),
    noise: source.noise,
    loss: (params, batch, noise, settings) => {
      const { label, mask } = singleTarget(batch)
      return head.loss(params, rowsOf(params, batch, noise), label, mask, settings)
    },
    carry: () => ({}),
    predictor: {
      ...classifyPredictor(inputs, (params, batch) => {
        const { label, mask } = singleTarget(batch)
        return predict(params, rowsOf(params, batch, undefined), label, mask)
      }),
      ...(distribution && {
        distributions: async (run, { split, indices, shape }) => {
          const every = (params: Params, batch: Tree<Tensor>) => {
            const x = readoutOf(params, batch, undefined)
            const rows = { x, real: fill([x.shape[0]], 1), batch: x.shape[0], steps: 1 }
            return { logProbs: distribution(params, rows) }
          }
          const results = await run('classify-distribution', every, {
            source: inputs.batch(split, indices, shape),
          })
          return indices.map((_, row) => distributionsOf(results, row, 1))
        },
      }),
    },
  }
}

function classifyPredictor(
  inputs: SourceInputs,
  pure: (params: Params, batch: Tree<Tensor>) => Tree<Tensor>,
): Omit<Predictor, 'distributions'> {
  const evaluate: Predictor['evaluate'] = async (run, { split, indices, shape }) => {
    const batch = collate(inputs, split, indices, shape)
    const outputs = await run('classify', pure, batch)
    return indices.map((_, row) => {
      const known = numberAt(subtree(batch, 'target'), 'mask', row)
      const crossEntropyNats = known * numberAt(outputs, 'nats', row)
      return { ...prediction(outputs, row), crossEntropyNats, crossEntropyTokens: known }
    })
  }
  return {
    predict: async (run, { split, indices, shape }) => {
      const batch = { source: inputs.batch(split, indices, shape), target: zeroTarget('label', [shape.batch]) }
      const outputs = await run('classify', pure, batch)
      return indices.map((_, row) => prediction(outputs, row))
    },
    evaluate,
    evaluateExported: evaluate,
    score: async (run, { split, indices, shape }) => {
      const outputs = await run('classify', pure, collate(inputs, split, indices, shape))
      return indices.map((_, row) => ({ logProbs: [-numberAt(outputs, 'nats', row)] }))
    },
  }
}

function prediction(outputs: Tree<HostTensor>, row: number) {
  const score = numberAt(outputs, 'logProbs', row)
  return { ids: [numberAt(outputs, 'ids', row)], score, tokenScores: [score] }
}

function numberAt(tree: Tree<HostTensor>, name: string, row: number): number {
  return leaf(tree, name).data[row] ?? Number.NaN
}

/** Labels [B] and their mask; a label that training never saw (below 0) is masked out. */
function collate(inputs: SourceInputs, split: Split, rows: readonly number[], shape: BatchShape): Tree<HostTensor> {
  const label = new Int32Array(shape.batch)
  const mask = new Float32Array(shape.batch)
  const { data, offsets } = split.target
  rows.forEach((row, index) => {
    const id = data[offsets[row] ?? 0] ?? 0
    label[index] = Math.max(0, id)
    mask[index] = id < 0 ? 0 : 1
  })
  const target = { label: ints(label, [shape.batch]), mask: floats(mask, [shape.batch]) }
  return { source: inputs.batch(split, rows, shape), target }
}
