import type { Column, Dataset } from '../../data/types.js'
import { evaluationRows, evaluationShapes } from '../../task/evaluate.js'
import { taskOf } from '../../task/index.js'
import { decodesOutputs } from '../../task/reporting.js'
import { modelSizes } from '../../task/sizes.js'
import { optimizers } from '../../train/optimizers/index.js'
import type { Spec, TrialCost } from '../types.js'
import { type CostShape, costOf } from './cost.js'
import { modelOf } from './parameters.js'

/** Throws RangeError where the model cannot be built under these sizes. */
export function costOfTrial(spec: Spec, data: Dataset): TrialCost {
  const { train } = spec
  const model = modelOf(spec, modelSizes(data))
  const cost = costOf(model, { batch: train.batchSize, ...meanLengths(spec, data) })
  const steps = stepsOf(spec, data)
  const milliseconds = cost.millisecondsAStep * train.accumulate * steps
  const evaluation = evaluationOf(spec, data, steps, cost.millisecondsAStep)
  const copies = 4 * cost.parameters * Math.min(train.average ?? 0, evaluation.validations)
  const slots = Object.keys(optimizers.build(train.optimizer).init(1)).length
  const checkpointBytes = 4 * cost.parameters * (2 + slots) + copies
  return {
    ...{ ...cost, bytes: cost.bytes + copies, checkpointBytes, steps, milliseconds, evaluation },
    reading: millisecondsAnExample * (data.train.size + data.dev.size + data.test.size),
    compile: graphsOf(spec, data, { steps, chunks: model.chunks !== undefined }),
  }
}

/** Measured on cmudict: reading, cutting into tokens and encoding an example. */
const millisecondsAnExample = 0.006

/**
 * Processor time of compiling a training step's graph, and one of an evaluation, for each source and target step of its
 * shape. Measured: 20 to 30 ms and 4 to 8 ms for a GRU with attention, 11 ms and 3 ms for an Elman network that tags.
 */
const compileStepMs = 25
const compileEvaluationMs = 5

/** Graphs of an evaluation for each shape of batch: encoder, search and cross-entropy, or one for all. */
const decodingGraphs = 3

function graphsOf(
  spec: Spec,
  data: Dataset,
  { steps, chunks }: { readonly steps: number; readonly chunks: boolean },
): TrialCost['compile'] {
  const { task, train } = spec
  const { source, target } = meanLengths(spec, data)
  const shapes = (most: number, rows: number, size: number) => (chunks ? 1 : Math.min(most, Math.ceil(size / rows)))
  const evaluation = ({ size }: Dataset['dev']) => ({
    graphs: (decodesOutputs(task) ? decodingGraphs : 1) * shapes(evaluationShapes, evaluationRows, size),
    ms: compileEvaluationMs * (source + target),
  })
  const graphs = Math.min(steps * train.accumulate, shapes(train.maxShapes, train.batchSize, data.train.size))
  return {
    train: { graphs, ms: compileStepMs * (source + target) },
    dev: evaluation(data.dev),
    test: evaluation(data.test),
  }
}

/**
 * Time that an example takes in an evaluation, over what it takes in a training step. Measured (processor time, training
 * in batches of 128 and 12): 1.4 to 1.6 for a GRU with attention under greedy search.
 */
const greedyOverStep = 1.5
const forwardOverStep = 0.4

function evaluationOf(
  { task, train }: Spec,
  { dev, test }: Dataset,
  steps: number,
  millisecondsAStep: number,
): TrialCost['evaluation'] {
  const ratio = decodesOutputs(task) ? greedyOverStep : forwardOverStep
  const of = ({ size }: Dataset['dev']) => (millisecondsAStep * ratio * size) / train.batchSize
  const validations = dev.size === 0 ? 0 : Math.ceil(steps / train.validate.every)
  return { validations, dev: of(dev), test: of(test) }
}

/**
 * Mean lengths of training rows, rounded up: what most batches are about as long as. Where nothing is decoded, there are
 * no target steps.
 */
export function meanLengths({ task, model }: Spec, { train }: Dataset): Omit<CostShape, 'batch'> {
  const source = meanLength(train.source)
  const steps = taskOf(task).stepsOf?.(source) ?? source
  return { source: steps, target: model.decoder === undefined ? 0 : meanLength(train.target) + 1 }
}

function meanLength({ offsets }: Column): number {
  const rows = Math.max(1, offsets.length - 1)
  return Math.max(1, Math.ceil((offsets.at(-1) ?? 0) / rows))
}

/** Steps in all, also where epochs are given: patience may end a trial earlier. */
function stepsOf({ train: { steps, epochs, batchSize, accumulate } }: Spec, { train }: Dataset): number {
  return steps ?? Math.max(1, Math.floor(((epochs ?? 1) * Math.ceil(train.size / batchSize)) / accumulate))
}
