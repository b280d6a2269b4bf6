import { sameJson } from '../../core/canonical-json.js'
import { SeqlabError, toPlainError } from '../../core/errors.js'
import type { HostTensor } from '../../core/tensors.js'
import { leaves, type Tree } from '../../core/tree.js'
import type { Dataset } from '../../data/types.js'
import type { Engine, EngineState } from '../../engine/types.js'
import type { NamedMetric, StatisticsByMetric } from '../../metrics/score.js'
import { baselineOf } from '../../task/baseline.js'
import type { Evaluation, Evaluator } from '../../task/evaluate.js'
import { decodesOutputs, outputKind } from '../../task/reporting.js'
import { modelSizes, outputLimit } from '../../task/sizes.js'
import { type WrittenTexts, writtenTexts } from '../../task/written-texts.js'
import {
  evaluateAtEnd,
  evaluateSplit,
  finalEvaluator,
  type HeldOut,
  type HeldOutBatches,
  heldOutBatches,
  type TrainedEvaluation,
  trainedEvaluation,
} from '../evaluate-trained.js'
import { interruptible, StopRequested } from '../graph/interruptible.js'
import { flatten } from '../graph/layout.js'
import { type TrialFunctions, trialFunctions } from '../graph/trial-functions.js'
import { refuseBlindness } from '../preflight.js'
import { chooseSamples } from '../samples/choose.js'
import { buildValidationMetrics, costsOf } from '../selection.js'
import type { TrainState, TrialPorts, TrialResult, TrialSettings } from '../types.js'
import { type TrainingBatches, totalSteps, trainingBatches } from './batches.js'
import type { LoopContext, Validated } from './context.js'
import { lowerRate } from './diagnose.js'
import { type Phases, reportPhases } from './phases.js'
import { trainLoop } from './train-loop.js'
import { engineTensors, firstState, parameterCount } from './train-state.js'
import { beginningOf, changedStart, startFrom } from './warm-start.js'

/**
 * Trains and evaluates one trial: from `resume` where it stopped, else from the start. The result's predictions and
 * metrics are those of the best parameters. A loss that is not finite gives status `failed`; other errors are thrown.
 * `functions` may be shared by trials of equal settings and data on one engine; without it they are made and disposed.
 */
export async function runTrial(
  settings: TrialSettings,
  seed: number,
  dataset: Dataset,
  engine: Engine,
  resume: TrainState | undefined,
  ports: TrialPorts,
  shared?: TrialFunctions,
): Promise<TrialResult> {
  const functions = shared ?? trialFunctions(settings, dataset, engine)
  refuseBlindness(settings, dataset)
  const batches = trainingBatches(functions.model, dataset.train, settings.train, seed)
  const from = resume ?? (await startingState(settings, dataset, functions, seed, batches, ports))
  const tensors = engineTensors(functions.parts, settings.train.accumulate > 1, from)
  const state = engine.createState(tensors)
  const evaluationState = engine.createState(tensors.params)
  try {
    const evaluation = evaluationOf(settings, dataset, functions, seed)
    const phases = reportPhases((event) => ports.emit(event))
    const inMemory = { batches, functions, state, evaluationState, evaluation, validated: new Map() }
    return await train({ settings, seed, dataset, ports, phases, ...inMemory }, from)
  } finally {
    state.dispose()
    evaluationState.dispose()
    if (shared === undefined) await functions.dispose()
  }
}

async function startingState(
  settings: TrialSettings,
  dataset: Dataset,
  functions: TrialFunctions,
  seed: number,
  batches: TrainingBatches,
  { readState, start, emit }: TrialPorts,
): Promise<TrainState> {
  const { train } = settings
  const first = firstState(functions.parts, seed, batches.shapes[0]?.batch ?? train.batchSize)
  if (train.init === undefined) return first
  const { state, notices, digest } = await startFrom(
    train.init,
    beginningOf(settings, dataset, functions.parts, first),
    readState,
  )
  if (start !== undefined && digest !== start) throw changedStart(train.init)
  for (const message of notices) emit({ kind: 'notice', message: `train.init: ${message}` })
  return state
}

interface Trial {
  readonly settings: TrialSettings
  readonly seed: number
  readonly dataset: Dataset
  readonly batches: TrainingBatches
  readonly functions: TrialFunctions
  readonly state: EngineState
  /** The flat vectors alone, for evaluation. */
  readonly evaluationState: EngineState
  readonly ports: TrialPorts
  readonly phases: Phases
  readonly evaluation: TrialEvaluation
  /** The last validation, and the best one, by their parameters: the best need not be predicted again at the end. */
  readonly validated: Map<Tree<HostTensor>, Evaluation>
}

interface TrialEvaluation {
  /** Under `validate.decode`, with every metric that selects. */
  readonly validation: Evaluator
  /** Of the best parameters, after training. */
  readonly final: Evaluator
  readonly batches: HeldOutBatches
}

function evaluationOf(
  settings: TrialSettings,
  dataset: Dataset,
  { model }: TrialFunctions,
  seed: number,
): TrialEvaluation {
  const { decode } = settings.train.validate
  const final = finalEvaluator(settings, dataset, model, seed)
  return {
    validation: {
      ...final,
      decode,
      metrics: buildValidationMetrics(settings, dataset.counts),
      samples: chooseSamples(seed, dataset.dev.size),
    },
    final,
    batches: heldOutBatches(model, dataset, settings.train.batchSize),
  }
}

async function train(trial: Trial, from: TrainState): Promise<TrialResult> {
  const { ports, phases, functions } = trial
  const stopwatch = startStopwatch()
  const compiledBefore = functions.compileMs()
  const context = loopContext(trial, stopwatch)
  const stopListening = functions.onCompile(phases.onCompile)
  try {
    phases.enter('train')
    const end = await stopwatch.time('train', () => trainLoop(context, from))
    if (end.status === 'failed') {
      const failed = result(trial, end.state, 'failed', stopwatch)
      return { ...failed, stepsDone: end.failedStep - 1, error: toPlainError(end.error) }
    }
    if (end.status === 'stopped' || ports.stopRequested()) return result(trial, end.state, 'stopped', stopwatch)
    phases.enter('test')
    const final = await stopwatch.time('test', () => finalUnlessStopped(trial, end.state))
    // The last step's checkpoint is saved: who goes on evaluates alone.
    if (final === undefined) return result(trial, end.state, 'stopped', stopwatch)
    return { ...result(trial, end.state, 'completed', stopwatch), ...final }
  } finally {
    stopListening()
    stopwatch.set('compile', functions.compileMs() - compiledBefore)
  }
}

function loopContext(trial: Trial, stopwatch: Stopwatch): LoopContext {
  const { settings, seed, dataset, batches, functions, state, ports, phases } = trial
  return {
    ...{ settings, seed, functions, state, ports, phases, dataset, train: dataset.train, batches },
    totalSteps: totalSteps(settings.train, batches.perEpoch),
    validate:
      dataset.dev.size === 0
        ? undefined
        : (params, at) => stopwatch.time('validate', () => validateParams(trial, params, at)),
  }
}

async function validateParams(
  trial: Trial,
  params: Tree<HostTensor>,
  { step, params: validating, selection }: TrainState,
): Promise<Validated> {
  const { settings, evaluation, evaluationState, validated } = trial
  refuseNonFinite(params, step)
  evaluationState.write(params)
  const evaluated = await evaluateWith(stoppable(trial), evaluation.validation, 'dev')
  for (const other of validated.keys()) if (other !== selection.bestParams) validated.delete(other)
  validated.set(validating, evaluated)
  const { loss, metrics, samples } = evaluated
  return { loss, metrics, costs: costsOf(settings, { loss, metrics }), samples }
}

/** The parameters in the evaluation's state on one split. */
function evaluateWith(
  { evaluation: { batches }, functions, evaluationState: state }: Trial,
  evaluator: Evaluator,
  name: HeldOut,
): Promise<Evaluation> {
  return evaluateSplit({ evaluator, batches, functions, state }, name)
}

/** The same trial; where a stop is requested between two runs of a graph, its evaluations throw StopRequested. */
function stoppable(trial: Trial): Trial {
  const { functions, ports } = trial
  return { ...trial, functions: interruptible(functions, () => ports.stopRequested('evaluation')) }
}

/** Predictions of parameters that are not finite are no results: training has diverged in its last update. */
function refuseNonFinite(params: Tree<HostTensor>, step: number): void {
  const wild = leaves(params).find(([, { data }]) => data.some((number) => !Number.isFinite(number)))
  if (wild === undefined) return
  throw new SeqlabError('training', `After step ${step} the parameters are not finite`, {
    hint: lowerRate,
  })
}

/** Undefined where a stop was requested between two runs of a graph. */
async function finalUnlessStopped(trial: Trial, state: TrainState) {
  try {
    return await finalEvaluation(stoppable(trial), state)
  } catch (error) {
    if (error instanceof StopRequested) return undefined
    throw error
  }
}

async function finalEvaluation(
  trial: Trial,
  state: TrainState,
): Promise<TrainedEvaluation & Pick<TrialResult, 'best' | 'baseline' | 'written'>> {
  const { functions, evaluationState, evaluation } = trial
  const best: Tree<HostTensor> = state.selection.bestParams ?? state.params
  evaluationState.write(flatten(functions.layout, best))
  const ending = { evaluator: evaluation.final, batches: evaluation.batches, functions, state: evaluationState }
  const dev = await evaluateAtEnd(ending, 'dev', validatedBefore(trial, state))
  const test = await evaluateAtEnd(ending, 'test')
  const { dataset, metrics } = evaluation.final
  const output = outputKind(trial.settings.task)
  const baseline = baselineOf(dataset, dataset.test, output, metrics)
  const written = output === 'next-tokens' ? await writtenBy(trial) : undefined
  const evaluated = trainedEvaluation(evaluation.final, { dev, test })
  return { ...evaluated, ...(baseline && { baseline }), ...(written && { written }), best }
}

/** Texts by the parameters in the evaluation's state. */
function writtenBy({ evaluation: { final }, functions, evaluationState }: Trial): Promise<WrittenTexts | undefined> {
  return writtenTexts(functions.model.predictor, final.dataset, functions.runPure(evaluationState), final.seed)
}

/** What the best parameters gave when they were validated, where the final evaluation would search in the same way. */
function validatedBefore(
  { settings, validated, evaluation: { validation, final } }: Trial,
  { selection }: TrainState,
): Evaluation | undefined {
  const evaluated = selection.bestParams === null ? undefined : validated.get(selection.bestParams)
  if (evaluated === undefined) return undefined
  if (decodesOutputs(settings.task) && !sameJson(validation.decode, final.decode)) return undefined
  return withMetrics(final.metrics, evaluated)
}

/** An evaluation without what only selecting metrics are computed from. */
function withMetrics(metrics: readonly NamedMetric[], { examples, ...evaluation }: Evaluation): Evaluation {
  const statisticsOf = (all: StatisticsByMetric) =>
    Object.fromEntries(metrics.map(({ name }) => [name, all[name] ?? []]))
  return {
    ...evaluation,
    examples: examples.map((example) => ({ ...example, statistics: statisticsOf(example.statistics) })),
  }
}

function result(
  { settings, functions, dataset, batches, state: memory, evaluationState }: Trial,
  state: TrainState,
  status: TrialResult['status'],
  stopwatch: Stopwatch,
): TrialResult {
  const { parameters } = functions.model
  const { source, target, features, attributes, longestTarget } = modelSizes(dataset)
  return {
    status,
    metrics: { dev: {}, test: {} },
    predictions: [],
    parameters: parameterCount(parameters),
    parameterShapes: Object.fromEntries(leaves(parameters).map(([path, { shape }]) => [path, shape])),
    sizes: { source, target, ...(features && { features }), ...(attributes && { attributes }) },
    ...(decodesOutputs(settings.task) && { outputLimit: outputLimit({ longestTarget }) }),
    stepsDone: state.step,
    bestStep: state.selection.bestStep,
    ...(state.selection.averaged !== undefined && { averaged: state.selection.averaged }),
    batching: { shapes: batches.shapes.length, paddingShare: batches.paddingShare },
    memory: {
      stateBytes: memory.bytes + evaluationState.bytes,
      processPeakBytes: 1024 * process.resourceUsage().maxRSS,
    },
    timings: stopwatch.timings,
  }
}

interface Stopwatch {
  readonly timings: Record<string, number>
  set(phase: string, milliseconds: number): void
  time<T>(phase: string, work: () => Promise<T>): Promise<T>
}

/** Adds up clock time by phase, in milliseconds. */
function startStopwatch(): Stopwatch {
  const timings: Record<string, number> = {}
  const set = (phase: string, milliseconds: number) => {
    timings[phase] = milliseconds
  }
  return {
    timings,
    set,
    time: async (phase, work) => {
      const before = performance.now()
      try {
        return await work()
      } finally {
        set(phase, (timings[phase] ?? 0) + performance.now() - before)
      }
    },
  }
}
