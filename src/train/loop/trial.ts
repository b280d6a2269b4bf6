import { toPlainError } from '../../core/errors.js'
import type { HostTensor } from '../../core/tensors.js'
import { leaves, type Tree } from '../../core/tree.js'
import type { Dataset } from '../../data/types.js'
import type { Engine, EngineState } from '../../engine/types.js'
import { metrics as metricParts } from '../../metrics/index.js'
import type { Metric } from '../../metrics/types.js'
import { modelSizes } from '../../task/sizes.js'
import { type Evaluated, type EvaluationContext, evaluate, evaluationContext, intervals } from '../evaluate.js'
import { flatten } from '../graph/layout.js'
import { type TrialFunctions, trialFunctions } from '../graph/trial-functions.js'
import { refuseBlindness } from '../preflight.js'
import type { TrainState, TrialPorts, TrialResult, TrialSettings } from '../types.js'
import { type TrainingBatches, totalSteps, trainingBatches } from './batches.js'
import { type LoopContext, trainLoop } from './train-loop.js'
import { engineTensors, firstState, parameterCount } from './train-state.js'
import { startFrom } from './warm-start.js'

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
  const from = resume ?? (await startingState(settings, functions, seed, batches))
  const tensors = engineTensors(functions.parts, settings.train.accumulate > 1, from)
  const state = engine.createState(tensors)
  const evaluationState = engine.createState(tensors.params)
  try {
    const evaluation = evaluationContext({ settings, dataset, model: functions.model, seed })
    const made = { batches, functions, state, evaluationState, evaluation, validated: new Map() }
    return await train({ settings, seed, dataset, ports, ...made }, from)
  } finally {
    state.dispose()
    evaluationState.dispose()
    if (shared === undefined) await functions.dispose()
  }
}

async function startingState(
  { train }: TrialSettings,
  functions: TrialFunctions,
  seed: number,
  batches: TrainingBatches,
) {
  const first = firstState(functions.parts, seed, batches.shapes[0]?.batch ?? train.batchSize)
  return train.init === undefined ? first : startFrom(train.init, first)
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
  readonly evaluation: EvaluationContext
  /** The last validation, and the best one, by step: the best need not be predicted again at the end. */
  readonly validated: Map<number, Evaluated>
}

async function train(trial: Trial, from: TrainState): Promise<TrialResult> {
  const { ports, functions } = trial
  const stopwatch = startStopwatch()
  const compiledBefore = functions.compileMs()
  const context = loopContext(trial, stopwatch)
  try {
    ports.emit({ kind: 'phase', phase: 'train' })
    const end = await stopwatch.time('train', () => trainLoop(context, from))
    if (end.status === 'failed') {
      const failed = result(trial, end.state, 'failed', stopwatch)
      return { ...failed, stepsDone: end.failedStep - 1, error: toPlainError(end.error) }
    }
    if (end.status === 'stopped' || ports.stopRequested()) return result(trial, end.state, 'stopped', stopwatch)
    ports.emit({ kind: 'phase', phase: 'test' })
    const final = await stopwatch.time('test', () => finalEvaluation(trial, end.state))
    return { ...result(trial, end.state, 'completed', stopwatch), ...final }
  } finally {
    stopwatch.set('compile', functions.compileMs() - compiledBefore)
  }
}

function loopContext(trial: Trial, stopwatch: Stopwatch): LoopContext {
  const { settings, seed, dataset, batches, functions, state, ports } = trial
  return {
    ...{ settings, seed, functions, state, ports, train: dataset.train, batches },
    totalSteps: totalSteps(settings.train, batches.perEpoch),
    selection: selectionOf(settings),
    validate:
      dataset.dev.size === 0
        ? undefined
        : (params, at) => stopwatch.time('validate', () => validateParams(trial, params, at)),
  }
}

async function validateParams(
  { evaluation, evaluationState, functions, validated }: Trial,
  params: Tree<HostTensor>,
  { step, selection }: TrainState,
): Promise<Evaluated> {
  evaluationState.write(params)
  const evaluated = await evaluate(evaluation, 'dev', functions.runPure(evaluationState))
  for (const other of validated.keys()) if (other !== selection.bestStep) validated.delete(other)
  validated.set(step, evaluated)
  return evaluated
}

function selectionOf({ train, metrics }: TrialSettings): LoopContext['selection'] {
  const name = train.validate.select ?? metrics[0]?.type ?? 'loss'
  const parts: Readonly<Record<string, Metric>> = metricParts.parts
  return { metric: name, better: parts[name]?.better ?? 'lower' }
}

async function finalEvaluation(trial: Trial, state: TrainState) {
  const { settings, functions, evaluationState, evaluation, validated } = trial
  const best: Tree<HostTensor> = state.selection.bestParams ?? state.params
  evaluationState.write(flatten(functions.layout, best))
  const run = functions.runPure(evaluationState)
  const known = state.selection.bestParams === null ? undefined : validated.get(state.selection.bestStep)
  const dev = known ?? (await evaluate(evaluation, 'dev', run))
  const test = await evaluate(evaluation, 'test', run)
  return {
    metrics: { dev: intervals(settings, dev.lines), test: intervals(settings, test.lines) },
    predictions: [...dev.lines, ...test.lines],
  }
}

function result(
  { functions, dataset, batches, state: memory, evaluationState }: Trial,
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
