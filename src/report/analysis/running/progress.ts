import type { RunHistory } from './history.js'

/** How long training is to be, as a spec says it; what else it says is of no interest here. */
interface TrainingLength {
  readonly steps?: number
  readonly epochs?: number
}

/** The steps of a whole training; undefined where it is a number of epochs and none of them is over yet. */
export function stepsInAll(
  { steps, epochs }: TrainingLength,
  { epochs: done, epochStep }: RunHistory,
): number | undefined {
  if (steps !== undefined) return steps
  if (epochs === undefined || done === 0) return undefined
  return Math.max(epochStep, Math.round((epochStep / done) * epochs))
}

/** A step that had been reached at a time. */
export interface Reached {
  readonly step: number
  readonly ms: number
}

/** Milliseconds that training takes from now to its last step, at its pace since `from`; undefined before the pace is known. */
export function trainingLeftMs(total: number | undefined, from: Reached, now: Reached): number | undefined {
  const steps = now.step - from.step
  if (total === undefined || steps <= 0) return undefined
  return Math.max(0, ((now.ms - from.ms) / steps) * (total - now.step))
}
