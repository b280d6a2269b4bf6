import { SeqlabError } from '../../core/errors.js'
import { copiesDistance } from '../../model/encoder/unroll.js'
import { validationDue } from '../curve-names.js'
import { flatten } from '../graph/layout.js'
import type { MetricsLine, TrainState } from '../types.js'
import { validateMean, withCopy } from './average.js'
import type { LoopContext } from './context.js'
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
 * finished and the state saved), or until the loss or the gradient is not finite.
 */
export async function trainLoop(context: LoopContext, from: TrainState): Promise<LoopEnd> {
  const { settings, ports, totalSteps } = context
  const { every, patience } = settings.train.validate
  const clock = startClock()
  let saved = from
  let progress: Progress = from
  const impatient = () => patience !== undefined && progress.selection.sinceImproved >= patience
  while (progress.step < totalSteps && !impatient()) {
    if (ports.stopRequested())
      return { status: 'stopped', state: await save(context, await currentState(context, progress)) }
    const next = await runStep(context, progress)
    if (!next.finite) return failure(context, saved, next.progress.step)
    progress = recordStep(context, next, clock)
    if (validationDue(progress.step, every, totalSteps)) {
      const validated = await validate(context, progress)
      progress = validated
      const isLast = progress.step >= totalSteps || impatient()
      // Saved once: a resumed trial finds either none of the last validation or all that follows from it.
      saved = await save(context, isLast ? await validateMean(context, validated) : validated)
      progress = saved
    }
  }
  return { status: 'finished', state: saved }
}

async function save({ ports }: LoopContext, state: TrainState): Promise<TrainState> {
  await ports.save(state)
  return state
}

async function currentState({ functions, seed, state }: LoopContext, progress: Progress): Promise<TrainState> {
  return assembleState(functions.layout, seed, progress, await state.read())
}

/** Validates, compares with the best so far, and gives the state to keep. */
async function validate(context: LoopContext, progress: Progress): Promise<TrainState> {
  const { functions, ports, phases, settings } = context
  const state = await currentState(context, progress)
  if (context.validate === undefined) return state
  phases.enter('validate')
  const validated = await context.validate(flatten(functions.layout, state.params), state)
  const { loss, metrics, costs } = validated
  const chosen = selectCheckpoint(state, costs)
  const distance = copiesDistance(functions.model.parameters, state.params)
  const line: MetricsLine = {
    kind: 'validation',
    step: state.step,
    loss,
    metrics,
    best: chosen.selection.bestStep === state.step,
    ...(distance === undefined ? {} : { copiesDistance: distance }),
  }
  ports.record(line)
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
