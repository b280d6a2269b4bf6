import type { TestSet } from '../../data/test-set.js'
import type { Split } from '../../data/types.js'
import { isAligned } from '../../decode/aligned.js'
import type { DecodeOptions } from '../../decode/index.js'
import type { MetricSpec } from '../../metrics/index.js'
import { buildMetrics, corpusResults, type MetricResult, type NamedMetric } from '../../metrics/score.js'
import type { TrainingFacts } from '../../metrics/types.js'
import { type EvaluatedExample, evaluate } from '../../task/evaluate.js'
import { withMistakes } from '../../task/mistakes.js'
import { outputLimit } from '../../task/sizes.js'
import type { Predictor } from '../../task/types.js'
import type { PredictionLine } from '../../train/types.js'
import { type Batching, packing, planBatches } from '../batches.js'
import { refuseLongest } from '../long-sources.js'
import type { Member } from '../member.js'
import { stepByStep } from '../predict.js'
import type { TrainedParts } from '../trained-parts.js'

/** How a model is evaluated; what is absent is the model's own. */
export interface EvaluationSettings {
  readonly decode?: DecodeOptions | undefined
  readonly metrics?: readonly MetricSpec[] | undefined
}

export interface ModelEvaluation {
  readonly decode: DecodeOptions
  readonly metrics: readonly MetricSpec[]
  readonly results: Readonly<Record<string, MetricResult>>
  readonly predictions: readonly PredictionLine[]
}

/**
 * Evaluates a trained model on a test set as the end of training does, by the functions of its exported form. `training`:
 * what metrics may know of the training data. Throws SeqlabError 'data' where a source is too long for the model, 'training'
 * where a prediction is not finite.
 */
export async function evaluateModel(
  opened: Member,
  { split }: TestSet,
  settings: EvaluationSettings,
  training: TrainingFacts,
): Promise<ModelEvaluation> {
  const { parts, run } = opened
  const { spec, description, sizes, model } = parts
  const { decode = spec.decode, metrics = spec.metrics } = settings
  const built = buildMetrics(metrics, training)
  const evaluator = {
    model: { predictor: { ...model.predictor, ...packed(model.predictor, opened.batching) } },
    dataset: evaluatedData(description),
    maxLength: outputLimit(sizes),
    ...{ decode: stepByStep([opened], decode), metrics: built, seed: description.seed },
  }
  const batches = batchesOf(opened, split)
  const evaluation = await evaluate(evaluator, 'the test set', split, batches, run)
  const { examples } = await withMistakes(evaluator, split, batches, run, evaluation)
  return { decode, metrics, ...outcomeOf(built, examples) }
}

/** The metrics' values over the evaluated examples, and these as predictions of a test set. */
export function outcomeOf(
  built: readonly NamedMetric[],
  examples: readonly EvaluatedExample[],
): Pick<ModelEvaluation, 'results' | 'predictions'> {
  const statistics = examples.map((example) => example.statistics)
  const predictions = examples.map((example) => ({ split: 'test' as const, ...example }))
  return { results: corpusResults(built, statistics), predictions }
}

/** Alignments are large: they are computed in the batches of those examples that keep them. */
function packed({ evaluateExported }: Predictor, batching: Batching): Pick<Predictor, 'evaluate'> {
  return {
    evaluate: (run, examples, search) => {
      const isKept = examples.indices.some((index) => isAligned(search.alignments, index))
      const alignments = isKept ? search.alignments : 0
      return evaluateExported(run, examples, { ...search, ...packing(batching), alignments })
    },
  }
}

export function evaluatedData({ vocabularies: { source, target }, joiners, scaling }: TrainedParts['description']) {
  return {
    ...(source && { sourceVocabulary: source }),
    ...(target && { targetVocabulary: target }),
    ...{ joiners, ...(scaling && { scaling }) },
  }
}

/** As training evaluates: a model that reads chunks reads the split as one text. */
function batchesOf({ parts, batching }: Member, split: Split) {
  const { chunks } = parts.model
  if (chunks !== undefined) return chunks.evaluation(split, parts.spec.train.batchSize)
  const batches = planBatches(parts, split, batching)
  refuseLongest(parts, split)
  return batches
}
