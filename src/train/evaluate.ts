import { leaf } from '../core/tree.js'
import { planBatches } from '../data/batching.js'
import type { Dataset, Split } from '../data/types.js'
import { addStatistics, corpusValue, scoreExample } from '../metrics/evaluate.js'
import { bootstrapInterval, type Interval } from '../stats/bootstrap.js'
import { scoredExample } from '../task/examples.js'
import { modelSizes } from '../task/sizes.js'
import type { Prediction, RunPure, TaskModel } from '../task/types.js'
import type { PredictionLine, TrialSettings } from './types.js'

/** Shapes of evaluation batches: few, since each costs a compilation of its own. */
const evaluationShapes = 4
/** Examples of a split that keep their alignments. */
const alignmentsKept = 50

export interface Evaluated {
  readonly lossNatsPerToken: number
  /** One line an example, in the split's order. */
  readonly lines: readonly PredictionLine[]
  readonly metrics: Readonly<Record<string, number>>
}

export interface EvaluationContext {
  readonly settings: TrialSettings
  readonly dataset: Dataset
  readonly model: TaskModel
  readonly seed: number
}

/** Cross-entropy under teacher forcing, free-running predictions and metrics of one split. */
export async function evaluate(context: EvaluationContext, name: 'dev' | 'test', run: RunPure): Promise<Evaluated> {
  const { settings, dataset, model, seed } = context
  const split = dataset[name]
  if (split.size === 0) return { lossNatsPerToken: Number.NaN, lines: [], metrics: {} }
  const { batchSize } = settings.train
  const { batches } = planBatches(split, { batchSize, maxShapes: evaluationShapes, training: false })
  const maxLength = 2 * modelSizes(dataset).longestTarget + 5
  const predictions: (Prediction | undefined)[] = new Array(split.size)
  let nats = 0
  let tokens = 0
  for (const { indices, shape } of batches) {
    const sums = await run('loss', lossSums(model), model.collate(split, indices, shape))
    nats += leaf(sums, 'crossEntropy').data[0] ?? Number.NaN
    tokens += leaf(sums, 'count').data[0] ?? 0
    const options = { maxLength, alignments: true, seed }
    const predicted = await model.predictor.predict(run, split, indices, shape, settings.decode, options)
    indices.forEach((index, row) => {
      predictions[index] = predicted[row]
    })
  }
  const lines = predictions.map((prediction, index) => toLine(context, name, split, index, prediction))
  return { lossNatsPerToken: nats / tokens, lines, metrics: values(settings, lines) }
}

function lossSums(model: TaskModel): Parameters<RunPure>[1] {
  return (params, batch) => {
    const { crossEntropy, count } = model.loss(params, batch, undefined, { labelSmoothing: 0, teacherForcing: 1 })
    return { crossEntropy, count }
  }
}

function toLine(
  { settings, dataset }: EvaluationContext,
  name: 'dev' | 'test',
  split: Split,
  index: number,
  prediction: Prediction | undefined,
): PredictionLine {
  if (prediction === undefined) throw new RangeError(`Example ${index} of ${name} was in no batch`)
  const example = scoredExample(dataset, split, index, prediction)
  const { source, references, hypothesis, values } = example
  const { score, alignment } = prediction
  return {
    ...{ split: name, index, source, references, hypothesis, score },
    statistics: scoreExample(settings.metrics, example),
    ...(alignment === undefined || index >= alignmentsKept ? {} : { alignment }),
    ...(values === undefined ? {} : { values }),
  }
}

function values({ metrics }: TrialSettings, lines: readonly PredictionLine[]): Record<string, number> {
  return Object.fromEntries(
    metrics.map((metric) => [metric.type, corpusValue(metric, addStatistics(statisticsOf(lines, metric.type)))]),
  )
}

function statisticsOf(lines: readonly PredictionLine[], metric: string): (readonly number[])[] {
  return lines.map(({ statistics }) => statistics[metric] ?? [])
}

/** Each metric with its 95 % interval by bootstrap over examples. */
export function intervals({ metrics }: TrialSettings, lines: readonly PredictionLine[]): Record<string, Interval> {
  if (lines.length === 0) return {}
  return Object.fromEntries(
    metrics.map((metric) => {
      const value = (total: readonly number[]) => corpusValue(metric, total)
      const options = { seed: 1, resamples: 1000, level: 0.95 }
      return [metric.type, bootstrapInterval(statisticsOf(lines, metric.type), value, options)]
    }),
  )
}
