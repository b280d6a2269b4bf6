import type { HostTensor } from '../core/tensors.js'
import type { Tree } from '../core/tree.js'
import type { PlannedBatch } from '../data/batching.js'
import type { Dataset } from '../data/types.js'
import type { Engine, EngineState } from '../engine/types.js'
import { buildMetrics, corpusResults } from '../metrics/score.js'
import { type Evaluation, type Evaluator, evaluate, evaluationBatches } from '../task/evaluate.js'
import { withMistakes } from '../task/mistakes.js'
import { modelSizes, outputLimit } from '../task/sizes.js'
import type { TaskModel } from '../task/types.js'
import { flatten } from './graph/layout.js'
import { type TrialFunctions, trialFunctions } from './graph/trial-functions.js'
import type { PredictionLine, TrialResult, TrialSettings } from './types.js'

export type HeldOut = 'dev' | 'test'

/** Each split's batches, cut once for all evaluations. */
export type HeldOutBatches = Readonly<Record<HeldOut, readonly PlannedBatch[]>>

/** What an evaluation gives: everything of it is in its folder. */
export type TrainedEvaluation = Pick<TrialResult, 'metrics' | 'predictions'>

/**
 * Evaluates trained parameters (best or other ones, by path) on dev and test with the settings' search and metrics, as
 * the end of training does: the same parameters, data and settings give the same bytes. `seed` is the trial's, for
 * searches that draw. `shared` may be of any trial of equal model and training data on this engine; without it graphs
 * are made and disposed. Throws as `runTrial` does.
 */
export async function evaluateTrained(
  settings: TrialSettings,
  seed: number,
  dataset: Dataset,
  engine: Engine,
  params: Tree<HostTensor>,
  shared?: TrialFunctions,
): Promise<TrainedEvaluation> {
  const functions = shared ?? trialFunctions(settings, dataset, engine)
  const state = engine.createState(flatten(functions.layout, params))
  try {
    const evaluator = finalEvaluator(settings, dataset, functions.model, seed)
    const batches = heldOutBatches(functions.model, dataset, settings.train.batchSize)
    const [dev, test] = [
      await evaluateAtEnd({ evaluator, batches, functions, state }, 'dev'),
      await evaluateAtEnd({ evaluator, batches, functions, state }, 'test'),
    ]
    return trainedEvaluation(evaluator, { dev, test })
  } finally {
    state.dispose()
    if (shared === undefined) await functions.dispose()
  }
}

/** What the best parameters are evaluated with at the end of training, and later. */
export function finalEvaluator(
  { metrics, decode }: Pick<TrialSettings, 'metrics' | 'decode'>,
  dataset: Dataset,
  model: TaskModel,
  seed: number,
): Evaluator {
  const maxLength = outputLimit(modelSizes(dataset))
  return { model, dataset, maxLength, decode, metrics: buildMetrics(metrics, dataset.counts), seed }
}

/** `chunkRows`: rows of a batch where the task reads chunks. */
export function heldOutBatches(model: TaskModel, { dev, test }: Dataset, chunkRows: number): HeldOutBatches {
  return { dev: evaluationBatches(model, dev, chunkRows), test: evaluationBatches(model, test, chunkRows) }
}

interface SplitEvaluation {
  readonly evaluator: Evaluator
  readonly batches: HeldOutBatches
  readonly functions: TrialFunctions
  readonly state: EngineState
}

/** The parameters in `state`, which holds the flat vectors and nothing else, on one split. */
export function evaluateSplit(
  { evaluator, batches, functions, state }: SplitEvaluation,
  name: HeldOut,
): Promise<Evaluation> {
  return evaluate(evaluator, name, evaluator.dataset[name], batches[name], functions.runPure(state))
}

/**
 * The same with the alignments of the worst mistakes of the split that pages show: test, or dev where there is no test.
 * `before`: what it gave, where that is known.
 */
export async function evaluateAtEnd(of: SplitEvaluation, name: HeldOut, before?: Evaluation): Promise<Evaluation> {
  const { evaluator, batches, functions, state } = of
  const { dataset } = evaluator
  const evaluation = before ?? (await evaluateSplit(of, name))
  const shown = dataset.test.size > 0 ? 'test' : 'dev'
  if (name !== shown) return evaluation
  return withMistakes(evaluator, dataset[name], batches[name], functions.runPure(state), evaluation)
}

/** Both splits' metrics with intervals, and the lines of predictions.jsonl. */
export function trainedEvaluation(
  { metrics }: Evaluator,
  evaluations: Readonly<Record<HeldOut, Evaluation>>,
): TrainedEvaluation {
  const intervals = ({ examples }: Evaluation) =>
    corpusResults(
      metrics,
      examples.map(({ statistics }) => statistics),
    )
  const { dev, test } = evaluations
  return {
    metrics: { dev: intervals(dev), test: intervals(test) },
    predictions: [...linesOf('dev', dev), ...linesOf('test', test)],
  }
}

function linesOf(split: HeldOut, { examples }: Evaluation): PredictionLine[] {
  return examples.map((example) => ({ split, ...example }))
}
