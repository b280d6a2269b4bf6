import { SeqlabError } from '../core/errors.js'
import { epochBatches, type PlannedBatch, planTogether } from '../data/batching.js'
import type { Dataset, Split } from '../data/types.js'
import type { Candidate } from '../decode/types.js'
import { addStatistics, corpusValue, scoreExample } from '../metrics/evaluate.js'
import { bootstrapInterval, type Interval } from '../stats/bootstrap.js'
import { hypothesisOf, scoredExample } from '../task/examples.js'
import { modelSizes } from '../task/sizes.js'
import type { RunPure, ScoredPrediction, TaskModel } from '../task/types.js'
import type { PredictionLine, TrialSettings } from './types.js'

/** Shapes of evaluation batches, of both splits together: few, since each costs compilations of its own. */
const evaluationShapes = 4
/**
 * Rows of an evaluation batch, whatever training has: enough that a run's own cost does not count, and few enough that
 * small splits are not mostly padding.
 */
const evaluationRows = 64
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
  readonly batches: Readonly<Record<'dev' | 'test', readonly PlannedBatch[]>>
}

/** What evaluation looks at, cut into batches once. */
export function evaluationContext(of: Omit<EvaluationContext, 'batches'>): EvaluationContext {
  const { model, settings, dataset } = of
  const { batchSize } = settings.train
  const [dev, test] =
    model.chunks === undefined
      ? planTogether([dataset.dev, dataset.test], {
          batchSize: evaluationRows,
          maxShapes: evaluationShapes,
        }).map((plan) => epochBatches(plan, false))
      : [model.chunks.evaluation(dataset.dev, batchSize), model.chunks.evaluation(dataset.test, batchSize)]
  return { ...of, batches: { dev: dev ?? [], test: test ?? [] } }
}

/**
 * Cross-entropy under teacher forcing, free-running predictions and metrics of one split. Throws SeqlabError 'training'
 * where a number of them is not finite: the parameters are not, or as good as.
 */
export async function evaluate(context: EvaluationContext, name: 'dev' | 'test', run: RunPure): Promise<Evaluated> {
  const { settings, dataset, model, seed } = context
  const split = dataset[name]
  if (split.size === 0) return { lossNatsPerToken: Number.NaN, lines: [], metrics: {} }
  const maxLength = 2 * modelSizes(dataset).longestTarget + 5
  const search = { decode: settings.decode, maxLength, alignments: alignmentsKept, seed }
  const predictions: (ScoredPrediction | undefined)[] = new Array(split.size)
  for (const { indices, shape } of context.batches[name]) {
    const predicted = await model.predictor.evaluate(run, { split, indices, shape }, search)
    indices.forEach((index, row) => {
      predictions[index] = predicted[row]
    })
  }
  const lines = predictions.map((prediction, index) => toLine(context, name, split, index, prediction))
  const wild = lines.find((line, index) => !allFinite(line, predictions[index]))
  if (wild !== undefined) throw notFinite(name, wild)
  return { lossNatsPerToken: lossOf(predictions), lines, metrics: values(settings, lines) }
}

function allFinite({ score, statistics }: PredictionLine, prediction: ScoredPrediction | undefined): boolean {
  const costs = [prediction?.crossEntropyNats ?? Number.NaN, prediction?.crossEntropyTokens ?? Number.NaN]
  return [score, ...costs, ...Object.values(statistics).flat()].every(Number.isFinite)
}

function notFinite(name: string, { index, source, score }: PredictionLine): SeqlabError {
  const example = source.length > 0 ? ` (${source.slice(0, 12).join(' ')})` : ''
  return new SeqlabError('training', `What is predicted for example ${index} of ${name}${example} is not finite`, {
    hint: `Its score is ${score}. Lower train.optimizer.learningRate, or lower train.clipNorm.`,
  })
}

/** Of the references under teacher forcing, over all tokens. */
function lossOf(predictions: readonly (ScoredPrediction | undefined)[]): number {
  let [nats, tokens] = [0, 0]
  for (const prediction of predictions) {
    nats += prediction?.crossEntropyNats ?? Number.NaN
    tokens += prediction?.crossEntropyTokens ?? Number.NaN
  }
  return nats / tokens
}

function toLine(
  { settings, dataset }: EvaluationContext,
  name: 'dev' | 'test',
  split: Split,
  index: number,
  prediction: ScoredPrediction | undefined,
): PredictionLine {
  if (prediction === undefined) throw new RangeError(`Example ${index} of ${name} was in no batch`)
  const example = scoredExample(dataset, split, index, prediction)
  const { source, references, hypothesis, values } = example
  const { score, alignment, candidates } = prediction
  return {
    ...{ split: name, index, source, references, hypothesis, score },
    statistics: scoreExample(settings.metrics, example),
    ...(candidates === undefined ? {} : { candidates: candidates.map((one) => inTokens(dataset, one, source)) }),
    ...(alignment === undefined || index >= alignmentsKept ? {} : { alignment }),
    ...(values === undefined ? {} : { values }),
  }
}

function inTokens(dataset: Dataset, { ids, score }: Candidate, source: readonly string[]) {
  return { tokens: hypothesisOf(dataset, ids, source), score }
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
