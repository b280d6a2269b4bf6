import type { Problem } from '../core/errors.js'
import { judge } from '../core/judge.js'
import { reshape } from '../core/ops.js'
import { noOptions } from '../core/part.js'
import { type HostTensor, ints } from '../core/tensors.js'
import type { Tensor } from '../core/tf.js'
import { subtree, type Tree } from '../core/tree.js'
import type { Split } from '../data/types.js'
import { labelScorerProblems } from '../model/features/problems.js'
import type { BatchShape, Noise } from '../model/noise.js'
import type { ModelOptions } from '../model/options.js'
import { partNode } from '../model/outline.js'
import type { Params } from '../model/parameters.js'
import { labelNamesOf, labelsOf, type ModelSizes } from '../model/sizes.js'
import { maskOf, zeroTarget } from './batches/collate.js'
import { chainPredictor } from './models/chain-predictor.js'
import { besideRows, labelArrows, withAttention } from './models/features-beside.js'
import {
  buildLabelHead,
  distributionsOf,
  flatTarget,
  type LabelHead,
  type LabelRows,
  labelHeadNodes,
  labelHeadProblems,
  rowOf,
  rowsPredicted,
  sum,
} from './models/labels.js'
import { sourceEncoderOf, sourceEncoderProblems, sourceOf } from './models/source-encoder.js'
import { type SourceInputs, type Sources, sourceInputs } from './models/source-inputs.js'
import { rowLength } from './sizes.js'
import {
  defineTask,
  type Examples,
  natsPerToken,
  type Predictor,
  type ScoredPrediction,
  type TaskModel,
} from './types.js'

/** N-N: a label for every symbol. */
export const tag = defineTask({
  name: 'tag',
  summary: 'A label for every symbol of a sequence (N-N): parts of speech, slot filling.',
  equations: ['p(y_s | x) = softmax(W h_s + b)', 'L = −Σ_s ln p(y_s | x)'],
  symbols: {
    W: ['V', 'D'],
    h_s: ['D'],
    b: ['V'],
  },
  source: { paper: 'Mesnil et al. 2013, Investigation of Recurrent-Neural-Network Architectures for Slot Filling' },
  options: noOptions,
  sections: {
    source: 'required',
    features: 'optional',
    target: 'refused',
    encoder: 'required',
    context: 'refused',
    decoder: 'refused',
    head: 'optional',
  },
  sides: { source: 'tokens', target: 'labels' },
  decodes: false,
  trainOptions: ['labelSmoothing'],
  defaultMetrics: ['token-accuracy'],
  build: () => ({
    lossMeasure: natsPerToken,
    problems: (model) =>
      judge(
        () => sourceEncoderProblems(model, { kind: 'ids', stepByStep: false }),
        () => positionProblems(model),
        () => labelScorerProblems(model, (outputs) => outputs),
        () => labelHeadProblems(model, true),
      ),
    build: tagModel,
  }),
})

function tagModel(model: ModelOptions, sizes: ModelSizes): TaskModel {
  const source = sourceEncoderOf(model, sizes)
  const { encoder } = source
  const labels = labelsOf(sizes)
  const beside = besideRows(source.features, encoder.output, ['B', 'S'])
  const head = buildLabelHead(model, beside.output, labels, labelNamesOf(sizes))
  const sources = sourceInputs(model, sizes)
  const rowsOf: RowsOf = (params, batch, noise) => {
    const encoded = source.encode(params, sourceOf(batch), noise)
    const [examples, steps, size] = encoded.outputs.shape
    const x = beside.join(params, reshape(encoded.outputs, [-1, size]), steps, encoded)
    return { x, real: reshape(encoded.mask, [-1]), batch: examples, steps }
  }
  const nodes = [
    ...source.outline,
    ...beside.outline,
    ...labelHeadNodes(model, head, {
      task: 'tag',
      input: beside.output,
      rows: ['B', 'S'],
      symbols: labels,
      per: 'source step',
    }),
  ]
  // The equations are of labels one by one; a head that chooses them together has its own.
  const own = head.potentials === undefined ? {} : { equations: [], symbols: {} }
  const taskNode = partNode(tag, {}, { id: 'task', path: 'task', axes: { V: labels, D: beside.output }, ...own })
  return {
    parameters: { ...withAttention(source.parameters, beside), head: head.parameters },
    outline: { nodes: [...nodes, taskNode], arrows: labelArrows(nodes, source.features) },
    inputs: (shape) => {
      const { batch, source } = shape
      const labels = { dtype: 'int32', shape: [batch, source] } as const
      return {
        source: sources.specs(shape),
        target: { labels, mask: { dtype: 'float32', shape: [batch, source] } },
      }
    },
    collate: (split, rows, shape) => collate(sources, split, rows, shape),
    noise: source.noise,
    loss: (params, batch, noise, settings) => {
      const { labels, mask } = flatTarget(batch)
      return head.loss(params, rowsOf(params, batch, noise), labels, mask, settings)
    },
    carry: () => ({}),
    predictor: predictorOf(sources, rowsOf, head),
  }
}

/** What the head reads of a batch. */
type RowsOf = (params: Params, batch: Tree<Tensor>, noise: Noise) => LabelRows

/** Features as positions of the source would be tagged too. */
function positionProblems({ features }: ModelOptions): Problem[] {
  if (features?.join.type !== 'source') return []
  const message = "features would be positions before the source's symbols, and this task labels every position"
  return [{ path: 'model.features.join', message, expected: 'context or attention', received: 'source' }]
}

/** Labels [B,S] and their mask; a label that training never saw (below 0) is masked out. */
function collate(sources: SourceInputs, split: Split, rows: readonly number[], shape: BatchShape): Tree<HostTensor> {
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
  return { source: sources.batch(split, rows, shape), target: { labels: ints(labels, size), mask } }
}

function predictorOf(inputs: SourceInputs, rowsOf: RowsOf, head: LabelHead): Predictor {
  const { potentials } = head
  if (potentials === undefined) return tagPredictor(inputs, rowsOf, head)
  return chainPredictor(inputs, (params, batch) => potentials(params, rowsOf(params, batch, undefined)))
}

function tagPredictor(inputs: SourceInputs, rowsOf: RowsOf, head: LabelHead): Predictor {
  const predict = rowsPredicted(head)
  const pure = (params: Params, batch: Tree<Tensor>) => {
    const { labels, mask } = flatTarget(batch)
    return predict(params, rowsOf(params, batch, undefined), labels, mask)
  }
  const evaluate: Predictor['evaluate'] = async (run, { split, indices, shape }) => {
    const batch = collate(inputs, split, indices, shape)
    const results = await run('tag', pure, batch)
    return indices.map((index, row) =>
      evaluated(results, subtree(batch, 'target'), row, rowLength(split.source.offsets, index)),
    )
  }
  const sources = ({ split, indices, shape }: Examples<Sources>) => ({
    source: inputs.batch(split, indices, shape),
    target: zeroTarget('labels', [shape.batch, shape.source]),
  })
  const { distribution } = head
  return {
    ...(distribution && {
      distributions: async (run, examples) => {
        const every = (params: Params, batch: Tree<Tensor>) => {
          return { logProbs: distribution(params, rowsOf(params, batch, undefined)) }
        }
        const results = await run('tag-distribution', every, { source: sources(examples).source })
        const { split, indices } = examples
        return indices.map((index, row) => distributionsOf(results, row, rowLength(split.source.offsets, index)))
      },
    }),
    predict: async (run, examples) => {
      const { split, indices } = examples
      const results = await run('tag', pure, sources(examples))
      return indices.map((index, row) => prediction(results, row, rowLength(split.source.offsets, index)))
    },
    evaluate,
    evaluateExported: evaluate,
    score: async (run, { split, indices, shape }) => {
      const results = await run('tag', pure, collate(inputs, split, indices, shape))
      return indices.map((index, row) => {
        return { logProbs: rowOf(results, 'nats', row, rowLength(split.source.offsets, index)).map((nats) => -nats) }
      })
    },
  }
}

function prediction(results: Tree<HostTensor>, row: number, length: number) {
  const tokenScores = rowOf(results, 'logProbs', row, length)
  return { ids: rowOf(results, 'ids', row, length), score: sum(tokenScores), tokenScores }
}

function evaluated(results: Tree<HostTensor>, target: Tree<HostTensor>, row: number, length: number): ScoredPrediction {
  const mask = rowOf(target, 'mask', row, length)
  const nats = rowOf(results, 'nats', row, length).map((value, step) => value * (mask[step] ?? 0))
  return { ...prediction(results, row, length), crossEntropyNats: sum(nats), crossEntropyTokens: sum(mask) }
}
