import Type, { type Static } from 'typebox'
import { judge } from '../core/judge.js'
import { abs, concat, matrix, mul, square, sub, sum, sumAll } from '../core/ops.js'
import { floats, type HostTensor } from '../core/tensors.js'
import type { Tensor, Tensor2D } from '../core/tf.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import type { Column } from '../data/types.js'
import { type Axis, joined, units } from '../model/axes.js'
import { linear } from '../model/maps/linear.js'
import type { Noise } from '../model/noise.js'
import type { ModelOptions } from '../model/options.js'
import { chain, drawn, type OutlineNode, partNode, plainNode, products } from '../model/outline.js'
import type { ParameterTree, Params } from '../model/parameters.js'
import { type ModelSizes, sideOf } from '../model/sizes.js'
import { buildContextPooling, contextProblems } from './models/context-pooling.js'
import { sourceBatch, sourceEncoderOf, sourceEncoderProblems, sourceOf, sourceSpecs } from './models/source-encoder.js'
import type { SourceInputs, Sources } from './models/source-inputs.js'
import { rowLength } from './sizes.js'
import { defineTask, type Predictor, type TaskModel } from './types.js'

const options = Type.Object({
  loss: Type.Union([Type.Literal('squared'), Type.Literal('absolute')], {
    default: 'squared',
    description: 'Loss per scaled value: squared or absolute error.',
  }),
})
type Options = Static<typeof options>

const fromContext = 'ŷ = W C + b'
const withAhead = 'ŷ = W [C; k] + b, k what is known ahead of the whole horizon'

/** Numbers in, numbers out: a window of one or several series, and all of the horizon at once. */
export const forecast = defineTask({
  name: 'forecast',
  summary: 'Predicts the next values of one or several series from a window of them, the whole horizon at once.',
  equations: [...[fromContext, withAhead], 'L = Σ (y − ŷ)²   (loss: squared)', 'L = Σ |y − ŷ|   (loss: absolute)'],
  symbols: {
    ŷ: ['O'],
    W: ['O', 'I'],
    C: ['C'],
    k: ['K'],
    b: ['O'],
  },
  source: {
    paper:
      'Ben Taieb et al. 2012, A Review and Comparison of Strategies for Multi-step Ahead Forecasting (MIMO); what is known ahead: Wen et al. 2017, A Multi-Horizon Quantile Recurrent Forecaster',
    url: 'https://arxiv.org/abs/1711.11053',
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
    lossMeasure: { unit: 'number', label: `${chosen.loss} error per scaled value`, over: 'scaled value' },
    problems: (model) =>
      judge(
        () => sourceEncoderProblems(model, { kind: 'values', stepByStep: false }),
        () => contextProblems(model),
      ),
    build: (model, sizes) => forecastModel(chosen, model, sizes),
  }),
})

function forecastModel(chosen: Options, model: ModelOptions, sizes: ModelSizes): TaskModel {
  const source = sourceEncoderOf(model, sizes)
  const { encoder } = source
  const context = buildContextPooling(model, encoder.output)
  const numbers = sideOf(sizes, 'target').axis
  const outputs = sizes.longestTarget * numbers.size
  const known = sizes.ahead === undefined ? undefined : units('K', sizes.longestTarget * sizes.ahead)
  const input = known === undefined ? context.output : joined(context.output, known)
  const head = linear.build({ size: outputs }, input)
  const inputs = forecastInputs(sizes, known)
  /** [B, horizon * width]. */
  const forecastOf = (params: Params, batch: Tree<Tensor>, noise: Noise): Tensor2D => {
    const encoded = source.encode(params, sourceOf(batch), noise)
    const formed = context.form(subtree(params, 'context'), encoded)
    const read = known === undefined ? formed : concat([formed, matrix(batch, 'ahead')], 1)
    return head.apply(subtree(params, 'head'), read)
  }
  const errorOf = tensorError(chosen.loss)
  const nodes = [...source.outline, ...context.outline, headNode(head.parameters, sizes, numbers, known)]
  const taskNode = partNode(forecast, chosen, {
    id: 'task',
    path: 'task',
    axes: { C: context.output, I: input, O: units('O', outputs), ...(known && { K: known }) },
  })
  const unused = known === undefined ? withAhead : fromContext
  const equations = taskNode.equations.filter((equation) => equation !== unused)
  return {
    parameters: { ...source.parameters, context: context.parameters, head: head.parameters },
    outline: { nodes: [...nodes, { ...taskNode, equations }], arrows: chain(...drawn(nodes)) },
    inputs: (shape) => {
      const target = { dtype: 'float32', shape: [shape.batch, outputs] } as const
      return { ...inputs.specs(shape), target: { values: target, mask: target } }
    },
    collate: (split, rows, shape) => ({
      ...inputs.batch(split, rows, shape),
      target: targetBatch(split.target, rows, shape.batch, outputs),
    }),
    noise: source.noise,
    loss: (params, batch, noise) => {
      const target = subtree(batch, 'target')
      const mask = matrix(target, 'mask')
      const difference = sub(matrix(target, 'values'), forecastOf(params, batch, noise))
      const error = sumAll(mul(errorOf(difference), mask))
      return { objective: error, crossEntropy: error, count: sumAll(mask) }
    },
    carry: () => ({}),
    predictor: forecastPredictor(forecastOf, inputs, chosen.loss, outputs),
  }
}

/** What a forecast is made from: the window, and what is known of the horizon [B, horizon * K] under `ahead`. */
function forecastInputs(sizes: ModelSizes, known: Axis | undefined): SourceInputs {
  return {
    specs: (shape) => ({
      source: sourceSpecs(sizes, shape),
      ...(known && { ahead: { dtype: 'float32', shape: [shape.batch, known.size] } as const }),
    }),
    batch: (split, rows, shape) => ({
      source: sourceBatch(split, rows, shape),
      ...(known && { ahead: aheadBatch(split, rows, [shape.batch, known.size]) }),
    }),
  }
}

function aheadBatch({ ahead }: Sources, rows: readonly number[], size: readonly [number, number]): HostTensor {
  if (ahead === undefined) throw new RangeError('The model reads what is known ahead, and the examples do not have it')
  return floats(wholeRows(ahead, rows, ...size), size)
}

function headNode(parameters: ParameterTree, sizes: ModelSizes, numbers: Axis, known: Axis | undefined): OutlineNode {
  const shape = ['B', units('horizon', sizes.longestTarget), numbers] as const
  return plainNode({
    id: 'head',
    path: 'task',
    tensors: [
      ...(known === undefined ? [] : [{ name: 'known ahead', axes: ['B', known] as const }]),
      { name: 'forecast', axes: shape },
    ],
    work: [products(parameters, 'example')],
    box: { title: 'linear (forecast)', side: 'source', role: 'part', shape },
  })
}

function forecastPredictor(
  forecastOf: (params: Params, batch: Tree<Tensor>, noise: Noise) => Tensor2D,
  inputs: SourceInputs,
  loss: Options['loss'],
  outputs: number,
): Predictor {
  const errorOf = tensorError(loss)
  const rowOf = ({ data }: HostTensor, row: number) => Array.from(data.subarray(row * outputs, (row + 1) * outputs))
  const predict: Predictor['predict'] = async (run, { split, indices, shape }) => {
    const pure = (params: Params, batch: Tree<Tensor>) => ({ values: forecastOf(params, batch, undefined) })
    const results = await run('forecast', pure, inputs.batch(split, indices, shape))
    return indices.map((_, row) => ({ values: rowOf(leaf(results, 'values'), row), score: 0 }))
  }
  return {
    predict,
    evaluateExported: async (run, examples, search) => {
      const { split, indices, shape } = examples
      const target = leaf(targetBatch(split.target, indices, shape.batch, outputs), 'values')
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
      const target = targetBatch(split.target, indices, shape.batch, outputs)
      const results = await run('forecast-errors', pure, { ...inputs.batch(split, indices, shape), target })
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
function targetBatch(target: Column, rows: readonly number[], batch: number, outputs: number): Tree<HostTensor> {
  const mask = new Float32Array(batch * outputs)
  mask.fill(1, 0, rows.length * outputs)
  const size = [batch, outputs]
  return { values: floats(wholeRows(target, rows, batch, outputs), size), mask: floats(mask, size) }
}

/** Rows of `numbers` numbers each, step after step. Throws RangeError where a row has more or fewer. */
function wholeRows(column: Column, rows: readonly number[], batch: number, numbers: number): Float32Array {
  if (column.kind !== 'values') throw new RangeError('A forecast needs numbers, and the data have symbols')
  const values = new Float32Array(batch * numbers)
  rows.forEach((row, index) => {
    const start = (column.offsets[row] ?? 0) * column.width
    const length = rowLength(column.offsets, row) * column.width
    if (length !== numbers) throw new RangeError(`Row ${row} has ${length} numbers of its horizon, not ${numbers}`)
    values.set(column.data.subarray(start, start + length), index * numbers)
  })
  return values
}
