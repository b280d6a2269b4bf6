import { SeqlabError } from '../core/errors.js'
import { floats, type HostTensor } from '../core/tensors.js'
import { leaf, type Tree } from '../core/tree.js'
import type { Split } from '../data/types.js'
import type { EngineState } from '../engine/types.js'
import { drawNoise } from '../model/noise.js'
import type { TrainingBatches } from './batches.js'
import { diagnose } from './diagnose.js'
import type { TrialFunctions } from './functions.js'
import { flatten } from './layout.js'
import { assembleState, type EngineTensors, type Progress } from './progress.js'
import { schedules } from './schedules/index.js'
import type { Schedule, TrainState, TrialPorts, TrialSettings } from './types.js'

/** Milliseconds between two events of progress; lines of metrics.jsonl follow steps, not the clock. */
const eventEveryMs = 200
/** Lines of the training curve that a trial records, about. */
const curvePoints = 500

export interface Validated {
  readonly lossNatsPerToken: number
  readonly metrics: Readonly<Record<string, number>>
}

/** What the loop works on. */
export interface LoopContext {
  readonly settings: TrialSettings
  readonly seed: number
  readonly train: Split
  readonly batches: TrainingBatches
  readonly functions: TrialFunctions
  readonly state: EngineState
  readonly ports: TrialPorts
  readonly totalSteps: number
  /** What picks the best checkpoint: a metric's name or `loss`. */
  readonly selection: { readonly metric: string; readonly better: 'lower' | 'higher' }
  /** Undefined where there is nothing to validate on: then the last parameters are the best. */
  readonly validate: ((params: Tree<HostTensor>) => Promise<Validated>) | undefined
}

export interface LoopEnd {
  readonly status: 'finished' | 'stopped'
  readonly state: TrainState
}

/**
 * Trains from a state until the last step, until patience runs out, or until a stop is asked for (then the step is
 * finished and the state is kept). Throws SeqlabError 'training' when the loss or the gradient is not finite.
 */
export async function trainLoop(context: LoopContext, from: TrainState): Promise<LoopEnd> {
  const { settings, ports, totalSteps, state } = context
  const { every, patience } = settings.train.validate
  const clock = startClock()
  load(context, from)
  let kept = from
  let progress: Progress = from
  const impatient = () => patience !== undefined && progress.selection.sinceBest >= patience
  while (progress.step < totalSteps && !impatient()) {
    if (ports.stopRequested()) {
      const stopped = assembleState(context.functions.layout, context.seed, progress, await readState(state))
      await ports.save(stopped)
      return { status: 'stopped', state: stopped }
    }
    const next = await oneStep(context, progress)
    if (!next.finite) throw await failure(context, kept, next.progress.step)
    progress = record(context, next, clock)
    if (progress.step % every === 0 || progress.step === totalSteps) {
      kept = await validate(context, progress)
      progress = kept
      await ports.save(kept)
    }
  }
  return { status: 'finished', state: kept }
}

export function load({ functions, state }: Pick<LoopContext, 'functions' | 'state'>, from: TrainState): void {
  state.write({ params: flatten(functions.layout, from.params), optimizer: from.optimizer, carry: from.carry })
}

async function readState(state: EngineState): Promise<EngineTensors> {
  const { params, optimizer, carry } = await state.read()
  return { params, optimizer, carry } as EngineTensors
}

// ---- one step ----------------------------------------------------------------------------------------------------

export interface Stepped {
  readonly progress: Progress
  /** The epoch of this step's batch, from 0. */
  readonly epoch: number
  readonly finite: boolean
  readonly nats: number
  readonly tokens: number
  readonly gradientNorm: number
  readonly learningRate: number
}

/** The inputs of step `progress.step + 1`. */
export function stepInputs(context: LoopContext, progress: Progress) {
  const { settings, seed, train, functions, totalSteps } = context
  const { indices, shape } = context.batches.at(progress.cursor)
  const step = progress.step + 1
  const { learningRate } = settings.train.optimizer
  const rate = learningRate * factorOf(settings, step, totalSteps, progress.schedule.validation)
  const inputs = {
    batch: functions.model.collate(train, indices, shape),
    noise: drawNoise(functions.model.noise(shape), seed, step),
    learningRate: floats([rate], []),
    step: floats([step], []),
  }
  return { shape, inputs, rate }
}

export async function oneStep(context: LoopContext, progress: Progress): Promise<Stepped> {
  const { shape, inputs, rate } = stepInputs(context, progress)
  const executable = await context.functions.step(shape)
  const outputs = await executable.run(context.state, inputs)
  const scalar = (name: string) => leaf(outputs, name).data[0] ?? Number.NaN
  const [nats, tokens, gradientNorm] = [scalar('crossEntropy'), scalar('count'), scalar('gradientNorm')]
  return {
    progress: { ...progress, step: progress.step + 1, cursor: context.batches.after(progress.cursor) },
    finite: Number.isFinite(scalar('objective')) && Number.isFinite(gradientNorm),
    ...{ epoch: progress.cursor.epoch, nats, tokens, gradientNorm, learningRate: rate },
  }
}

function factorOf({ train }: TrialSettings, step: number, totalSteps: number, validation: readonly number[]): number {
  const schedule: Schedule = schedules.parts[train.schedule.type]
  return schedule.factor(train.schedule, step, totalSteps, validation)
}

async function failure(context: LoopContext, kept: TrainState, step: number) {
  load(context, kept)
  let progress: Progress = kept
  while (progress.step + 1 < step) progress = (await oneStep(context, progress)).progress
  const { shape, inputs } = stepInputs(context, progress)
  const found = await diagnose(context.functions, context.state, shape, inputs)
  return new SeqlabError('training', `Step ${step}: ${found}`, {
    hint: 'Lower train.optimizer.learningRate, set train.clipNorm, or look for extreme values in the data.',
  })
}

// ---- what is told ------------------------------------------------------------------------------------------------

interface Clock {
  readonly start: number
  lastEvent: number
  tokens: number
}

const startClock = (): Clock => ({ start: performance.now(), lastEvent: 0, tokens: 0 })

/** Records the curve's line where one is due and tells how far training is; the new progress. */
function record({ totalSteps, ports }: LoopContext, stepped: Stepped, clock: Clock): Progress {
  const { progress, gradientNorm, learningRate } = stepped
  const window = { nats: progress.window.nats + stepped.nats, tokens: progress.window.tokens + stepped.tokens }
  const { step } = progress
  const line = { kind: 'train', step, epoch: stepped.epoch, gradientNorm, learningRate } as const
  const curve = { ...line, lossNatsPerToken: window.nats / window.tokens }
  clock.tokens += stepped.tokens
  const elapsedMs = performance.now() - clock.start
  if (elapsedMs - clock.lastEvent >= eventEveryMs || step === totalSteps) {
    clock.lastEvent = elapsedMs
    ports.emit({ ...curve, totalSteps, tokensPerSecond: (1000 * clock.tokens) / elapsedMs, elapsedMs })
  }
  const due = step % Math.max(1, Math.floor(totalSteps / curvePoints)) === 0 || step === totalSteps
  if (due) ports.record(curve)
  return { ...progress, window: due ? { nats: 0, tokens: 0 } : window }
}

/** Validates, compares with the best so far, and gives the state to keep. */
async function validate(context: LoopContext, progress: Progress): Promise<TrainState> {
  const { functions, seed, selection, ports } = context
  const tensors = await readState(context.state)
  if (context.validate === undefined) return assembleState(functions.layout, seed, progress, tensors)
  ports.emit({ kind: 'phase', phase: 'validate' })
  const { lossNatsPerToken, metrics } = await context.validate(tensors.params)
  const value = selection.metric === 'loss' ? lossNatsPerToken : (metrics[selection.metric] ?? Number.NaN)
  // Lower is better from here on.
  const cost = selection.better === 'lower' ? value : -value
  const state = assembleState(functions.layout, seed, progress, tensors)
  const best = progress.selection.best === null || cost < progress.selection.best
  const line = { kind: 'validation', step: progress.step, lossNatsPerToken, metrics, best } as const
  ports.record(line)
  ports.emit(line)
  ports.emit({ kind: 'phase', phase: 'train' })
  return {
    ...state,
    schedule: { validation: [...progress.schedule.validation, cost] },
    selection: best
      ? { best: cost, bestStep: progress.step, bestParams: state.params, sinceBest: 0 }
      : { ...progress.selection, sinceBest: progress.selection.sinceBest + 1 },
  }
}
