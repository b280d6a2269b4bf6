import { SeqlabError } from '../../core/errors.js'
import { copiesDistance } from '../../model/encoder/unroll.js'
import { validationDue } from '../curve-names.js'
import { StopRequested } from '../graph/interruptible.js'
import { flatten } from '../graph/layout.js'
import type { SampledValidation, TrainState, ValidationLine } from '../types.js'
import { validateMean, withCopy } from './average.js'
import type { LoopContext, ValidationContext } from './context.js'
import { recordStep, startClock } from './curve.js'
import { diagnose } from './diagnose.js'
import { runStep } from './run-step.js'
import { selectCheckpoint } from './select-checkpoint.js'
import { assembleState, engineTensors, type Progress } from './train-state.js'

/** How training ended; a failed one with the last saved state, and the step that failed. */
export type LoopEnd =
  | { readonly status: 'finished' | 'stopped'; readonly state: TrainState }
  | { readonly status: 'failed'; readonly state: TrainState; readonly failedStep: number; readonly error: SeqlabError }

/**
 * Trains from a state until the last step, until patience runs out, or until a stop is requested (then the step is
 * finished and the state saved; a validation is made again after it), or until the loss or the gradient is not finite.
 */
export async function trainLoop(context: LoopContext, from: TrainState): Promise<LoopEnd> {
  const { settings, ports, totalSteps } = context
  const clock = startClock()
  let saved = from
  let progress: Progress = from
  let isUnvalidated = from.unvalidated === true
  while (isUnvalidated || !isOver(context, progress)) {
    if (!isUnvalidated) {
      if (ports.stopRequested())
        return { status: 'stopped', state: await save(context, await currentState(context, progress)) }
      const next = await runStep(context, progress)
      if (!next.finite) return failure(context, saved, next.progress.step)
      progress = recordStep(context, next, clock)
    }
    isUnvalidated = false
    if (!validationDue(progress.step, settings.train.validate.every, totalSteps)) continue
    const state = await currentState(context, progress)
    const validated = await validateUnlessStopped(context, state)
    if (validated === undefined) {
      return { status: 'stopped', state: await save(context, { ...state, unvalidated: true }) }
    }
    saved = await save(context, validated)
    progress = saved
  }
  return { status: 'finished', state: saved }
}

/** Whether all steps are done, or patience has run out. */
function isOver({ settings, totalSteps }: LoopContext, { step, selection }: Progress): boolean {
  const { patience } = settings.train.validate
  return step >= totalSteps || (patience !== undefined && selection.sinceImproved >= patience)
}

async function save({ ports }: LoopContext, state: TrainState): Promise<TrainState> {
  await ports.save(state)
  return state
}

async function currentState({ functions, seed, state }: LoopContext, progress: Progress): Promise<TrainState> {
  return assembleState(functions.layout, seed, progress, await state.read())
}

/**
 * Validates, and after the last step the mean too: a resumed trial finds either none of the last validation or all that
 * follows from it. Undefined, and nothing recorded, where a stop was requested meanwhile.
 */
async function validateUnlessStopped(context: LoopContext, state: TrainState): Promise<TrainState | undefined> {
  const found: Pick<SampledValidation, 'line' | 'samples'>[] = []
  const recording: ValidationContext = { ...context, onValidated: (line, samples) => found.push({ line, samples }) }
  try {
    const validated = await validate(recording, state)
    const isLast = isOver(context, validated)
    const kept = isLast ? await validateMean(recording, validated) : validated
    for (const one of found) recordValidation(context, { ...one, isLast })
    return kept
  } catch (error) {
    if (error instanceof StopRequested) return undefined
    throw error
  }
}

function recordValidation(
  { ports, settings, totalSteps }: LoopContext,
  found: Omit<SampledValidation, 'number' | 'planned'>,
): void {
  const { every } = settings.train.validate
  ports.record(found.line)
  ports.sample({ ...found, number: Math.ceil(found.line.step / every), planned: Math.ceil(totalSteps / every) })
}

/** Validates, compares with the best so far, and gives the state to keep. */
async function validate(context: ValidationContext, state: TrainState): Promise<TrainState> {
  const { functions, ports, phases, settings } = context
  if (context.validate === undefined) return state
  phases.enter('validate')
  const validated = await context.validate(flatten(functions.layout, state.params), state)
  const { loss, metrics, costs, samples } = validated
  const chosen = selectCheckpoint(state, costs)
  const distance = copiesDistance(functions.model.parameters, state.params)
  const line: ValidationLine = {
    kind: 'validation',
    step: state.step,
    loss,
    metrics,
    best: chosen.selection.bestStep === state.step,
    ...(distance === undefined ? {} : { copiesDistance: distance }),
  }
  context.onValidated(line, samples)
  ports.emit(line)
  phases.enter('train')
  return withCopy(chosen, settings.train.average)
}

/** Repeats the steps from the last saved state to the one that failed, and looks at the gradients before its update. */
async function failure(context: LoopContext, saved: TrainState, failedStep: number): Promise<LoopEnd> {
  const { functions, settings, state } = context
  state.write(engineTensors(functions.parts, settings.train.accumulate > 1, saved))
  let progress: Progress = saved
  while (progress.step + 1 < failedStep) progress = (await runStep(context, progress)).progress
  const { message, hint } = await diagnose(context, progress)
  const error = new SeqlabError('training', `Step ${failedStep}: ${message}`, { hint })
  return { status: 'failed', state: saved, failedStep, error }
}
