import { floats, type HostTensor } from '../../core/tensors.js'
import { leaf, type Tree } from '../../core/tree.js'
import type { Dataset, Split } from '../../data/types.js'
import type { EngineState } from '../../engine/types.js'
import { drawNoise } from '../../model/noise.js'
import { teacherForcings } from '../forcing/index.js'
import { stepNoise } from '../graph/signatures.js'
import type { TrialFunctions } from '../graph/trial-functions.js'
import { schedules } from '../schedules/index.js'
import type { TrialSettings } from '../types.js'
import type { TrainingBatches } from './batches.js'
import type { Progress } from './train-state.js'

/** What a step needs. */
export interface StepContext {
  readonly settings: TrialSettings
  readonly seed: number
  readonly dataset: Dataset
  readonly train: Split
  readonly batches: TrainingBatches
  readonly functions: TrialFunctions
  /** {params, optimizer, carry} and, where batches are accumulated, {accumulated}. */
  readonly state: EngineState
  readonly totalSteps: number
}

/** The results of one step. */
export interface StepResult {
  readonly progress: Progress
  /** The epoch of this step's first batch, from 0. */
  readonly epoch: number
  readonly finite: boolean
  readonly nats: number
  readonly tokens: number
  readonly gradientNorm: number
  readonly learningRate: number
}

const number = (value: number): HostTensor => floats([value], [])

/** Step `progress.step + 1`: one batch, or several whose gradients are accumulated. */
export function runStep(context: StepContext, progress: Progress): Promise<StepResult> {
  return context.settings.train.accumulate === 1 ? singleStep(context, progress) : accumulatedStep(context, progress)
}

async function singleStep(context: StepContext, progress: Progress): Promise<StepResult> {
  const { shape, inputs } = batchInputs(context, progress, 0)
  const executable = await context.functions.step(shape)
  const outputs = await executable.run(context.state, { ...inputs, ...updateInputs(context, progress) })
  return stepResult(context, progress, [outputs], outputs)
}

async function accumulatedStep(context: StepContext, progress: Progress): Promise<StepResult> {
  const { functions, state, settings } = context
  const parts: Tree<HostTensor>[] = []
  for (let part = 0; part < settings.train.accumulate; part++) {
    const { shape, inputs } = batchInputs(context, progress, part)
    const executable = await functions.accumulate(shape)
    parts.push(await executable.run(state, { ...inputs, first: number(part === 0 ? 1 : 0) }))
  }
  const update = await (await functions.apply()).run(state, updateInputs(context, progress))
  return stepResult(context, progress, parts, update)
}

function stepResult(
  context: StepContext,
  progress: Progress,
  parts: readonly Tree<HostTensor>[],
  update: Tree<HostTensor>,
): StepResult {
  const sum = (name: string) => parts.reduce((total, part) => total + numberOf(part, name), 0)
  const gradientNorm = numberOf(update, 'gradientNorm')
  const cursor = cursorAt(context, progress, parts.length)
  return {
    progress: { ...progress, step: progress.step + 1, cursor },
    epoch: progress.cursor.epoch,
    finite: Number.isFinite(sum('objective')) && Number.isFinite(gradientNorm),
    nats: sum('crossEntropy'),
    tokens: sum('count'),
    gradientNorm,
    learningRate: learningRateAt(context, progress),
  }
}

function numberOf(outputs: Tree<HostTensor>, name: string): number {
  return leaf(outputs, name).data[0] ?? Number.NaN
}

/** The cursor `part` batches after where a step begins. */
function cursorAt({ batches }: StepContext, { cursor }: Progress, part: number): Progress['cursor'] {
  let at = cursor
  for (let passed = 0; passed < part; passed++) at = batches.after(at)
  return at
}

/** What batch `part` of step `progress.step + 1` feeds. Noise is named by the batch's number among all batches. */
export function batchInputs(context: StepContext, progress: Progress, part: number) {
  const { settings, seed, train, functions, batches } = context
  const { indices, shape } = batches.at(cursorAt(context, progress, part))
  const numbered = progress.step * settings.train.accumulate + part + 1
  const inputs = {
    batch: functions.model.collate(train, indices, shape),
    noise: drawNoise(stepNoise(functions.parts, shape), seed, numbered),
    ...(functions.parts.alwaysForced ? {} : { teacherForcing: number(teacherForcingAt(context, progress)) }),
  }
  return { shape, inputs }
}

/** The examples of batch `part` of step `progress.step + 1`. */
export function batchRows(context: StepContext, progress: Progress, part: number): readonly number[] {
  return context.batches.at(cursorAt(context, progress, part)).indices
}

function updateInputs(context: StepContext, progress: Progress) {
  return { learningRate: number(learningRateAt(context, progress)), step: number(progress.step + 1) }
}

/** The optimizer's learning rate, times the schedule's factor, times the warm-up's (from 0 to 1 in a straight line). */
function learningRateAt({ settings, totalSteps }: Pick<StepContext, 'settings' | 'totalSteps'>, progress: Progress) {
  const { optimizer, schedule, warmup } = settings.train
  const step = progress.step + 1
  const factor = schedules.build(schedule)({ step, totalSteps, validation: progress.schedule.validation })
  return optimizer.learningRate * factor * Math.min(1, step / Math.max(1, warmup))
}

function teacherForcingAt({ settings, totalSteps }: StepContext, { step }: Progress): number {
  return teacherForcings.build(settings.train.teacherForcing)({ step: step + 1, totalSteps })
}
