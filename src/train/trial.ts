import { SeqlabError, toPlainError } from '../core/errors.js'
import type { HostTensor } from '../core/tensors.js'
import { leaves, type Tree } from '../core/tree.js'
import type { Dataset } from '../data/types.js'
import type { Engine, EngineState } from '../engine/types.js'
import { metrics as metricParts } from '../metrics/index.js'
import type { Metric } from '../metrics/types.js'
import { modelSizes } from '../task/sizes.js'
import { trainingBatches } from './batches.js'
import { type EvaluationContext, evaluate, intervals } from './evaluate.js'
import { type TrialFunctions, trialFunctions } from './functions.js'
import { flatten } from './layout.js'
import { type LoopContext, trainLoop } from './loop.js'
import { firstState, parameterCount } from './progress.js'
import type { TrainState, TrialPorts, TrialResult, TrialSettings } from './types.js'

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
  const from = resume ?? firstState(functions.parts, seed, settings.train.batchSize)
  const params = flatten(functions.layout, from.params)
  const state = engine.createState({ params, optimizer: from.optimizer, carry: from.carry })
  const evaluationState = engine.createState(params)
  try {
    return await train({ settings, seed, dataset, functions, state, evaluationState, ports }, from)
  } finally {
    state.dispose()
    evaluationState.dispose()
    if (shared === undefined) await functions.dispose()
  }
}

interface Trial {
  readonly settings: TrialSettings
  readonly seed: number
  readonly dataset: Dataset
  readonly functions: TrialFunctions
  readonly state: EngineState
  /** The flat vectors alone, for evaluation. */
  readonly evaluationState: EngineState
  readonly ports: TrialPorts
}

async function train(trial: Trial, from: TrainState): Promise<TrialResult> {
  const { ports, functions } = trial
  const stopwatch = startStopwatch()
  const compiledBefore = functions.compileMs()
  const context = loopContext(trial, stopwatch)
  try {
    ports.emit({ kind: 'phase', phase: 'train' })
    const end = await stopwatch.time('train', () => trainLoop(context, from))
    if (end.status === 'stopped' || ports.stopRequested())
      return result(trial, context, end.state, 'stopped', stopwatch)
    ports.emit({ kind: 'phase', phase: 'test' })
    const final = await stopwatch.time('test', () => finalEvaluation(trial, end.state))
    return { ...result(trial, context, end.state, 'completed', stopwatch), ...final }
  } catch (error) {
    if (!(error instanceof SeqlabError) || error.code !== 'training') throw error
    return { ...result(trial, context, from, 'failed', stopwatch), error: toPlainError(error) }
  } finally {
    stopwatch.set('compile', functions.compileMs() - compiledBefore)
  }
}

function loopContext(trial: Trial, stopwatch: Stopwatch): LoopContext {
  const { settings, seed, dataset, functions, state, evaluationState, ports } = trial
  const batches = trainingBatches(dataset.train, settings.train, seed)
  const context: EvaluationContext = { settings, dataset, model: functions.model, seed }
  return {
    ...{ settings, seed, functions, state, ports, train: dataset.train, batches },
    totalSteps: totalSteps(settings, batches.perEpoch),
    selection: selectionOf(settings),
    validate:
      dataset.dev.size === 0
        ? undefined
        : (params) => {
            evaluationState.write(params)
            return stopwatch.time('validate', () => evaluate(context, 'dev', functions.runPure(evaluationState)))
          },
  }
}

/** Steps in all: as given, or epochs times the batches of an epoch. */
export function totalSteps({ train }: TrialSettings, batchesPerEpoch: number): number {
  return train.steps ?? (train.epochs ?? 0) * batchesPerEpoch
}

function selectionOf({ train, metrics }: TrialSettings): LoopContext['selection'] {
  const name = train.validate.select ?? metrics[0]?.type ?? 'loss'
  const parts: Readonly<Record<string, Metric>> = metricParts.parts
  return { metric: name, better: parts[name]?.better ?? 'lower' }
}

async function finalEvaluation(trial: Trial, state: TrainState) {
  const { settings, seed, dataset, functions, evaluationState } = trial
  const best: Tree<HostTensor> = state.selection.bestParams ?? state.params
  evaluationState.write(flatten(functions.layout, best))
  const context: EvaluationContext = { settings, dataset, model: functions.model, seed }
  const run = functions.runPure(evaluationState)
  const dev = await evaluate(context, 'dev', run)
  const test = await evaluate(context, 'test', run)
  return {
    metrics: { dev: intervals(settings, dev.lines), test: intervals(settings, test.lines) },
    predictions: [...dev.lines, ...test.lines],
  }
}

function result(
  { functions, dataset }: Trial,
  { batches }: LoopContext,
  state: TrainState,
  status: TrialResult['status'],
  stopwatch: Stopwatch,
): TrialResult {
  const { parameters } = functions.model
  const { source, target } = modelSizes(dataset)
  return {
    status,
    metrics: { dev: {}, test: {} },
    predictions: [],
    parameters: parameterCount(parameters),
    parameterShapes: Object.fromEntries(leaves(parameters).map(([path, { shape }]) => [path, shape])),
    sizes: { source, target },
    stepsDone: state.step,
    bestStep: state.selection.bestStep,
    batching: { shapes: batches.plan.buckets.length, paddingShare: batches.plan.paddingShare },
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
