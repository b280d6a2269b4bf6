import { SeqlabError } from '../core/errors.js'
import { type Measured, quotient, undefinedBecause } from '../core/measured.js'
import type { TrueAlignment } from '../data/alignment.js'
import { epochBatches, type PlannedBatch, planBuckets } from '../data/batching.js'
import { vocabulariesOf } from '../data/description.js'
import type { Dataset, Split } from '../data/types.js'
import type { ForcedOutput } from '../decode/forced.js'
import type { DecodeOptions } from '../decode/index.js'
import type { Candidate } from '../decode/types.js'
import { noScoredToken } from '../metrics/cross-entropy.js'
import { corpusValues, type NamedMetric, type StatisticsByMetric, scoreExample } from '../metrics/score.js'
import type { ScoredExample } from '../metrics/types.js'
import { comparable, type EvaluatedData, hypothesisOf, scoredExample } from './examples.js'
import { type ExtremeValue, extremeHint, extremeText, extremeValue } from './extreme-values.js'
import { type Kept, sampledOf, trueAlignmentOf, worstOf } from './kept.js'
import { rowLength } from './sizes.js'
import type { Predictor, RunPure, ScoredPrediction, TaskModel } from './types.js'

/** Shapes of a split's evaluation batches: few, since each costs compilations of its own. */
export const evaluationShapes = 4
/**
 * Rows of an evaluation batch, whatever training has: enough that a run's own cost does not count, and few enough that
 * small splits are not mostly padding.
 */
export const evaluationRows = 64
/** ONNX Runtime computes a row alone differently from the same row among several. */
const leastRows = 2

/** What an evaluation is made with; nothing of it knows how the parameters were trained. */
export interface Evaluator<Data extends EvaluatedData = Dataset> {
  readonly model: { readonly predictor: Pick<Predictor, 'evaluate' | 'score'> }
  readonly dataset: Data
  /** Symbols of an output at most, where outputs are searched for. */
  readonly maxLength: number
  readonly decode: DecodeOptions
  readonly metrics: readonly NamedMetric[]
  /** Of searches that draw. */
  readonly seed: number
  /** Examples of the split, by index, that are given once more with all that was predicted for them. */
  readonly samples?: readonly number[]
}

/** One example, its prediction and its score. */
export interface EvaluatedExample {
  readonly index: number
  readonly source: readonly string[]
  /** Of a split that has features. */
  readonly features?: readonly string[]
  readonly references: readonly (readonly string[])[]
  readonly hypothesis: readonly string[]
  readonly score: number
  /** By metric: the statistics that its value is a function of. */
  readonly statistics: StatisticsByMetric
  /** The n best with their scores, the hypothesis first, where the search was asked for more than one. */
  readonly candidates?: readonly { readonly tokens: readonly string[]; readonly score: number }[]
  /** The true alignment of the first reference; with `alignment`. */
  readonly trueAlignment?: TrueAlignment
  /** Why it has what is too large to be kept of all: its alignment, or its scores. */
  readonly kept?: Kept
  /** Rows: predicted tokens and the end; columns: source tokens. */
  readonly alignment?: readonly (readonly number[])[]
  /** Of a language model: the log probability in nats of each symbol of the text, and of its end. */
  readonly sourceScores?: readonly number[]
  readonly values?: {
    readonly reference: readonly number[]
    readonly predicted: readonly number[]
    /** The values one season before, where the window reaches back so far. */
    readonly naive?: readonly number[]
  }
}

/** An example, and all that was predicted for it: its alignment too, wherever it is in its split. */
export interface Sampled {
  readonly example: EvaluatedExample
  readonly prediction: ScoredPrediction
  /** Of a forecast: values of each step. */
  readonly width?: number
}

export interface Evaluation {
  /** Mean cost of the references under teacher forcing, in the unit of the task's lossMeasure. */
  readonly loss: Measured
  /** In the split's order. */
  readonly examples: readonly EvaluatedExample[]
  readonly metrics: Readonly<Record<string, Measured>>
  /** Those that the evaluator asks for. */
  readonly samples: readonly Sampled[]
}

/**
 * A split cut into batches, whose shapes follow from this split alone: nothing computed for dev depends on test.
 * `chunkRows`: rows of a batch where the task reads chunks.
 */
export function evaluationBatches(model: TaskModel, split: Split, chunkRows: number): readonly PlannedBatch[] {
  const { chunks } = model
  if (chunks !== undefined) return chunks.evaluation(split, chunkRows)
  const plan = planBuckets(split, { batchSize: evaluationRows, maxShapes: evaluationShapes })
  return epochBatches(plan, false).map(({ indices, shape }) => {
    return { indices, shape: { ...shape, batch: Math.max(leastRows, shape.batch) } }
  })
}

/**
 * Cross-entropy under teacher forcing, free-running predictions and metrics of one split. Throws SeqlabError 'training'
 * where a prediction or its cost is not finite, with what is to blame: the data, or the parameters. What of a split has no
 * value (no token is scored, a metric has nothing to count) is undefined, with the reason, and ends nothing.
 */
export async function evaluate(
  evaluator: Evaluator<EvaluatedData>,
  name: string,
  split: Split,
  batches: readonly PlannedBatch[],
  run: RunPure,
): Promise<Evaluation> {
  if (split.size === 0)
    return { loss: undefinedBecause('the split has no examples'), examples: [], metrics: {}, samples: [] }
  const predictions = await predict(evaluator, split, batches, run)
  const kept = keptIn(predictions)
  const examples = predictions.map((prediction, index) =>
    evaluated(evaluator, split, index, prediction, kept.get(index)),
  )
  const wild = examples.find((example, index) => !allFinite(example, predictions[index]))
  if (wild !== undefined) throw notFinite(name, wild, extremeValue(evaluator.dataset, split, wild.index))
  const statistics = examples.map((example) => example.statistics)
  return {
    loss: lossOf(predictions),
    examples,
    metrics: corpusValues(evaluator.metrics, statistics),
    samples: sampled(evaluator, split, examples, predictions),
  }
}

function sampled(
  { samples = [] }: Evaluator<EvaluatedData>,
  split: Split,
  examples: readonly EvaluatedExample[],
  predictions: readonly ScoredPrediction[],
): readonly Sampled[] {
  const width = split.target.kind === 'values' ? { width: split.target.width } : {}
  return samples.flatMap((index) => {
    const [example, prediction] = [examples[index], predictions[index]]
    if (example === undefined || prediction === undefined) return []
    return [{ example: { ...example, ...trueAlignmentOf(split, index) }, prediction, ...width }]
  })
}

/** The predictions of a split, in its order. Throws RangeError where an example is in no batch. */
async function predict(
  { model: { predictor }, maxLength, decode, seed, metrics, samples = [] }: Evaluator<EvaluatedData>,
  split: Split,
  batches: readonly PlannedBatch[],
  run: RunPure,
): Promise<readonly ScoredPrediction[]> {
  const search = { decode, maxLength, alignments: new Set([...sampledOf(split.size), ...samples]), seed }
  const attends = metrics.some(({ reads }) => reads === 'alignment') && split.alignments !== undefined
  const byIndex = new Map<number, ScoredPrediction>()
  for (const { indices, shape } of batches) {
    const examples = { split, indices, shape }
    const predicted = await predictor.evaluate(run, examples, search)
    const forced = attends ? await predictor.score?.(run, examples, true) : undefined
    for (const [row, prediction] of predicted.entries()) {
      const index = indices[row] ?? -1
      byIndex.set(index, { ...prediction, ...attendedTo(split, index, forced?.[row]) })
    }
  }
  return Array.from({ length: split.size }, (_, index) => {
    const prediction = byIndex.get(index)
    if (prediction === undefined) throw new RangeError(`Example ${index} was in no batch`)
    return prediction
  })
}

/**
 * What keeps more than others: a sample, and the texts that a language model predicts worst, by nats per symbol. Mistakes of
 * outputs that are searched for are not yet known to have alignments (`withMistakes`).
 */
function keptIn(predictions: readonly ScoredPrediction[]): ReadonlyMap<number, Kept> {
  const sample = sampledOf(predictions.length)
  const costs = predictions.map(({ sourceScores, crossEntropyNats, crossEntropyTokens }) => {
    return sourceScores === undefined ? 0 : crossEntropyNats / crossEntropyTokens
  })
  return new Map<number, Kept>([
    ...[...worstOf(costs, sample)].map((index) => [index, 'mistake'] as const),
    ...[...sample].map((index) => [index, 'sampled'] as const),
  ])
}

/** Weights of the source's own tokens for the reference's symbols: not of features before them, nor of the end. */
function attendedTo({ source, target, alignments }: Split, index: number, forced: ForcedOutput | undefined) {
  const links = alignments?.[index]
  if (forced?.alignment === undefined || links === undefined) return {}
  const tokens = rowLength(source.offsets, index)
  const rows = forced.alignment.slice(0, rowLength(target.offsets, index))
  return { attended: { weights: rows.map((row) => row.slice(row.length - tokens)), ...links } }
}

function allFinite({ score, statistics }: EvaluatedExample, prediction: ScoredPrediction | undefined): boolean {
  const costs = [prediction?.crossEntropyNats ?? Number.NaN, prediction?.crossEntropyTokens ?? Number.NaN]
  return [score, ...costs, ...Object.values(statistics).flat()].every(Number.isFinite)
}

/** Blames the data where they hold what no model copes with; the parameters are finite, or the trial has ended before. */
function notFinite(
  name: string,
  { index, source, score }: EvaluatedExample,
  value: ExtremeValue | undefined,
): SeqlabError {
  const example = source.length > 0 ? ` (${source.slice(0, 12).join(' ')})` : ''
  const message = `The prediction for example ${index} of ${name}${example}, or its cost, is not finite`
  if (value !== undefined) {
    return new SeqlabError('training', `${message}: ${extremeText(value)}`, { hint: extremeHint })
  }
  return new SeqlabError('training', message, {
    hint: `Its score is ${score}, and the data hold no extreme value. Lower train.optimizer.learningRate, or lower train.clipNorm.`,
  })
}

/** Of the references under teacher forcing, over all tokens. */
function lossOf(predictions: readonly ScoredPrediction[]): Measured {
  let [nats, tokens] = [0, 0]
  for (const { crossEntropyNats, crossEntropyTokens } of predictions) {
    nats += crossEntropyNats
    tokens += crossEntropyTokens
  }
  return quotient(nats, tokens, noScoredToken)
}

function evaluated(
  { dataset, metrics }: Evaluator<EvaluatedData>,
  split: Split,
  index: number,
  prediction: ScoredPrediction,
  kept: Kept | undefined,
): EvaluatedExample {
  const example = scoredExample(dataset, split, index, prediction)
  const { source, references, hypothesis, values } = example
  const { score, candidates } = prediction
  return {
    ...{ index, source, references, hypothesis, score },
    ...(split.featureTexts && { features: split.featureTexts[index] ?? [] }),
    statistics: scoreExample(metrics, comparable(dataset, example, prediction)),
    ...(candidates === undefined ? {} : { candidates: candidates.map((one) => inTokens(dataset, one, source)) }),
    ...(kept === undefined ? {} : large(split, index, prediction, kept)),
    ...(values === undefined ? {} : { values: forecastOf(values) }),
  }
}

function forecastOf({ reference, predicted, naive }: NonNullable<ScoredExample['values']>) {
  return { reference, predicted, ...(naive && { naive }) }
}

/** What only few examples keep, where there is any. */
function large(split: Split, index: number, { alignment, sourceScores }: ScoredPrediction, kept: Kept) {
  if (alignment === undefined && sourceScores === undefined) return {}
  const scores = sourceScores?.map((score) => Number(score.toPrecision(6)))
  return {
    kept,
    ...(alignment && { alignment, ...trueAlignmentOf(split, index) }),
    ...(scores && { sourceScores: scores }),
  }
}

function inTokens(dataset: EvaluatedData, { ids, score }: Candidate, source: readonly string[]) {
  return { tokens: hypothesisOf(vocabulariesOf(dataset), ids, source), score }
}
