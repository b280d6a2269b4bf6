import Type, { type Static } from 'typebox'
import { abs, matrix, mul, square, sub, sum, sumAll } from '../core/ops.js'
import { floats, type HostTensor } from '../core/tensors.js'
import type { Tensor, Tensor2D } from '../core/tf.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import type { Split } from '../data/types.js'
import { type Axis, units } from '../model/axes.js'
import { linear } from '../model/maps/linear.js'
import type { BatchShape, Noise } from '../model/noise.js'
import type { ModelOptions } from '../model/options.js'
import { chain, drawn, type OutlineNode, partNode, plainNode, products } from '../model/outline.js'
import type { ParameterTree, Params } from '../model/parameters.js'
import { type ModelSizes, sideOf } from '../model/sizes.js'
import { buildContextPooling, contextProblems } from './models/context-pooling.js'
import { sourceBatch, sourceEncoderOf, sourceEncoderProblems, sourceOf, sourceSpecs } from './models/source-encoder.js'
import { rowLength } from './sizes.js'
import { defineTask, type Predictor, type TaskModel } from './types.js'

const options = Type.Object({
  loss: Type.Union([Type.Literal('squared'), Type.Literal('absolute')], {
    default: 'squared',
    description: 'Loss per scaled value: squared or absolute error.',
  }),
})
type Options = Static<typeof options>

/** Numbers in, numbers out: a window of one or several series, and all of the horizon at once. */
export const forecast = defineTask({
  name: 'forecast',
  summary: 'Predicts the next values of one or several series from a window of them, the whole horizon at once.',
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
  sections: {
    source: 'required',
    features: 'refused',
    target: 'refused',
    encoder: 'required',
    context: 'required',
    decoder: 'refused',
    head: 'refused',
  },
  sides: { source: 'values', target: 'values' },
  decodes: false,
  trainOptions: [],
  defaultMetrics: ['mae', 'rmse'],
  build: (chosen) => ({
    lossMeasure: { unit: 'number', label: `${chosen.loss} error per scaled value` },
    problems: (model) => [
      ...sourceEncoderProblems(model, { kind: 'values', stepByStep: false }),
      ...contextProblems(model),
    ],
    build: (model, sizes) => forecastModel(chosen, model, sizes),
  }),
})

function forecastModel(chosen: Options, model: ModelOptions, sizes: ModelSizes): TaskModel {
  const source = sourceEncoderOf(model, sizes)
  const { encoder } = source
  const context = buildContextPooling(model, encoder.output)
  const numbers = sideOf(sizes, 'target').axis
  const outputs = sizes.longestTarget * numbers.size
  const head = linear.build({ size: outputs }, context.output)
  /** [B, horizon * width]. */
  const forecastOf = (params: Params, batch: Tree<Tensor>, noise: Noise): Tensor2D => {
    const encoded = source.encode(params, sourceOf(batch), noise)
    return head.apply(subtree(params, 'head'), context.form(subtree(params, 'context'), encoded))
  }
  const errorOf = tensorError(chosen.loss)
  const nodes = [...source.outline, ...context.outline, headNode(head.parameters, sizes, numbers)]
  const taskNode = partNode(forecast, chosen, {
    id: 'task',
    path: 'task',
    axes: { C: context.output, O: units('O', outputs) },
  })
  return {
    parameters: { ...source.parameters, context: context.parameters, head: head.parameters },
    outline: { nodes: [...nodes, taskNode], arrows: chain(...drawn(nodes)) },
    inputs: (shape) => {
      const target = { dtype: 'float32', shape: [shape.batch, outputs] } as const
      return { source: sourceSpecs(sizes, shape), target: { values: target, mask: target } }
    },
    collate: (split, rows, shape) => collate(split, rows, shape, outputs),
    noise: source.noise,
    loss: (params, batch, noise) => {
      const target = subtree(batch, 'target')
      const mask = matrix(target, 'mask')
      const difference = sub(matrix(target, 'values'), forecastOf(params, batch, noise))
      const error = sumAll(mul(errorOf(difference), mask))
      return { objective: error, crossEntropy: error, count: sumAll(mask) }
    },
    carry: () => ({}),
    predictor: forecastPredictor(forecastOf, chosen.loss, outputs),
  }
}

function headNode(parameters: ParameterTree, sizes: ModelSizes, numbers: Axis): OutlineNode {
  const shape = ['B', units('horizon', sizes.longestTarget), numbers] as const
  return plainNode({
    id: 'head',
    path: 'task',
    tensors: [{ name: 'forecast', axes: shape }],
    work: [products(parameters, 'example')],
    box: { title: 'linear (forecast)', side: 'source', role: 'part', shape },
  })
}

function forecastPredictor(
  forecastOf: (params: Params, batch: Tree<Tensor>, noise: Noise) => Tensor2D,
  loss: Options['loss'],
  outputs: number,
): Predictor {
  const errorOf = tensorError(loss)
  const rowOf = ({ data }: HostTensor, row: number) => Array.from(data.subarray(row * outputs, (row + 1) * outputs))
  const predict: Predictor['predict'] = async (run, { split, indices, shape }) => {
    const pure = (params: Params, batch: Tree<Tensor>) => ({ values: forecastOf(params, batch, undefined) })
    const results = await run('forecast', pure, { source: sourceBatch(split, indices, shape) })
    return indices.map((_, row) => ({ values: rowOf(leaf(results, 'values'), row), score: 0 }))
  }
  return {
    predict,
    evaluateExported: async (run, examples, search) => {
      const { split, indices, shape } = examples
      const target = leaf(subtree(collate(split, indices, shape, outputs), 'target'), 'values')
      return (await predict(run, examples, search)).map(({ values = [] }, row) => {
        const error = errorIn(loss, values, rowOf(target, row))
        return { values, score: -error, crossEntropyNats: error, crossEntropyTokens: outputs }
      })
    },
    evaluate: async (run, { split, indices, shape }) => {
      const pure = (params: Params, batch: Tree<Tensor>) => {
        const values = forecastOf(params, batch, undefined)
        return { values, errors: sum(errorOf(sub(matrix(subtree(batch, 'target'), 'values'), values)), 1) }
      }
      const results = await run('forecast-errors', pure, collate(split, indices, shape, outputs))
      return indices.map((_, row) => {
        const error = leaf(results, 'errors').data[row] ?? Number.NaN
        const values = rowOf(leaf(results, 'values'), row)
        return { values, score: -error, crossEntropyNats: error, crossEntropyTokens: outputs }
      })
    },
  }
}

function tensorError(loss: Options['loss']): (difference: Tensor2D) => Tensor2D {
  return loss === 'squared' ? square<Tensor2D> : abs<Tensor2D>
}

/** The sum over scaled numbers. */
function errorIn(loss: Options['loss'], values: readonly number[], target: readonly number[]): number {
  const differences = values.map((value, at) => Math.abs(value - (target[at] ?? Number.NaN)))
  return differences.reduce((total, difference) => total + (loss === 'squared' ? difference ** 2 : difference), 0)
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
