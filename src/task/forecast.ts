import Type, { type Static } from 'typebox'
import { floats, type HostTensor } from '../core/tensors.js'
import { type Scalar, type Tensor, type Tensor2D, tensor, tf } from '../core/tf.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import type { Split } from '../data/types.js'
import { dense, denseParameters } from '../model/maps/dense.js'
import type { BatchShape, ModelSizes, Noise, Params } from '../model/types.js'
import { buildReader, type Reader, readerProblems, sourceBatch, sourceOf, sourceSpecs } from './reader.js'
import { rowLength } from './sizes.js'
import { buildSummary, type Summary, summaryProblems } from './summary.js'
import type { Task, TaskModel } from './types.js'

const options = Type.Object({
  loss: Type.Union([Type.Literal('squared'), Type.Literal('absolute')], {
    default: 'squared',
    description: 'What is minimised, of each scaled number: the squared error, or the absolute one.',
  }),
})
type Options = Static<typeof options>

/** Numbers in, numbers out: a window of one or several series, and all of the horizon at once. */
export const forecast: Task<typeof options, Options> = {
  name: 'forecast',
  summary: 'The next numbers of one or several series after a window of them, all of the horizon at once.',
  equations: ['ŷ = W C + b', 'L = Σ (y − ŷ)²   (loss: squared)', 'L = Σ |y − ŷ|   (loss: absolute)'],
  symbols: {
    ŷ: ['O'],
    W: ['O', 'C'],
    C: ['C'],
    b: ['O'],
  },
  source: {
    paper: 'Ben Taieb et al. 2012, A Review and Comparison of Strategies for Multi-step Ahead Forecasting (MIMO)',
  },
  options,
  sections: { source: 'required', target: 'refused', encoder: 'required', context: 'required', decoder: 'refused' },
  sides: { source: 'values', target: 'values' },
  decodes: false,
  trainOptions: [],
  defaultMetrics: ['mae', 'rmse'],
  lossMeasure: ({ loss }) => ({ unit: 'number', label: `${loss} error per scaled value` }),
  problems: (_, model) => [...readerProblems(model, { kind: 'values', stepByStep: false }), ...summaryProblems(model)],
  build: (chosen, model, sizes) => {
    const reader = buildReader(model, sizes)
    return forecastModel(chosen, reader, buildSummary(model, reader.encoder.outputSize), sizes)
  },
}

function forecastModel({ loss }: Options, reader: Reader, summary: Summary, sizes: ModelSizes): TaskModel {
  const width = 'width' in sizes.target ? sizes.target.width : 1
  const outputs = sizes.longestTarget * width
  /** [B, horizon * width]. */
  const forecastOf = (params: Params, batch: Tree<Tensor>, noise: Noise): Tensor2D => {
    const encoded = reader.read(params, sourceOf(batch), noise)
    return dense(subtree(params, 'head'), summary.form(subtree(params, 'context'), encoded))
  }
  const errorOf = (difference: Tensor) => (loss === 'squared' ? tf.square(difference) : tf.abs(difference))
  return {
    parameters: { ...reader.parameters, context: summary.parameters, head: denseParameters(summary.size, outputs) },
    inputs: (shape) => {
      const target = { dtype: 'float32', shape: [shape.batch, outputs] } as const
      return { source: sourceSpecs(sizes, shape), target: { values: target, mask: target } }
    },
    collate: (split, rows, shape) => collate(split, rows, shape, outputs),
    noise: ({ batch, source }) => ({ encoder: reader.encoder.noise({ batch, steps: source }) }),
    loss: (params, batch, noise) => {
      const target = subtree(batch, 'target')
      const mask = tensor(target, 'mask')
      const difference = tf.sub(tensor(target, 'values'), forecastOf(params, batch, noise))
      const error = tf.sum<Scalar>(tf.mul(errorOf(difference), mask))
      return { objective: error, crossEntropy: error, count: tf.sum<Scalar>(mask) }
    },
    carry: () => ({}),
    predictor: {
      predict: async (run, split, indices, shape) => {
        const pure = (params: Params, batch: Tree<Tensor>) => {
          const values = forecastOf(params, batch, undefined)
          const errors = errorOf(tf.sub(tensor(subtree(batch, 'target'), 'values'), values))
          return { values, errors: tf.sum(errors, 1) }
        }
        const found = await run('forecast', pure, collate(split, indices, shape, outputs))
        const [values, errors] = [leaf(found, 'values').data, leaf(found, 'errors').data]
        return indices.map((_, row) => {
          const error = errors[row] ?? Number.NaN
          const predicted = Array.from(values.subarray(row * outputs, (row + 1) * outputs))
          return { values: predicted, score: -error, crossEntropyNats: error, crossEntropyTokens: outputs }
        })
      },
    },
  }
}

/** Targets as one row an example, step after step: [B, horizon * width]; the mask is 0 in rows of padding. */
function collate(split: Split, rows: readonly number[], shape: BatchShape, outputs: number): Tree<HostTensor> {
  const { target } = split
  if (target.kind !== 'values') throw new RangeError('A forecast needs numbers, and the target has symbols')
  const values = new Float32Array(shape.batch * outputs)
  const mask = new Float32Array(shape.batch * outputs)
  rows.forEach((row, index) => {
    const start = (target.offsets[row] ?? 0) * target.width
    const length = rowLength(target.offsets, row) * target.width
    if (length !== outputs) throw new RangeError(`Row ${row} has ${length} numbers to forecast, not ${outputs}`)
    values.set(target.data.subarray(start, start + length), index * outputs)
    mask.fill(1, index * outputs, (index + 1) * outputs)
  })
  const size = [shape.batch, outputs]
  return { source: sourceBatch(split, rows, shape), target: { values: floats(values, size), mask: floats(mask, size) } }
}
