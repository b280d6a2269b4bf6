import type { Static, TObject } from 'typebox'
import type { Problem } from '../../core/errors.js'
import { ofKind, type Part } from '../../core/part.js'

export interface ScheduleInput {
  /** From 1. */
  readonly step: number
  readonly totalSteps: number
  /** Costs under the first selecting metric at the validations so far, in order: lower is better; null: undefined. */
  readonly validation: readonly (number | null)[]
}

/** A learning-rate schedule with its options bound: the factor on the learning rate at a step. Plain numbers, on the host. */
export type Schedule = (input: ScheduleInput) => number

/** What a schedule's file exports. */
export interface SchedulePart<Options extends TObject = TObject> extends Part<Options> {
  /** It looks at validations, so there must be some. */
  readonly needsValidation?: true
  build(options: Static<Options>): Schedule
  /** Problems of the options for a number of steps (undefined where epochs are counted); paths within them. */
  problems?(options: Static<Options>, totalSteps: number | undefined): readonly Problem[]
}

/** Declares a learning-rate schedule. */
export function defineSchedule<Options extends TObject>(part: SchedulePart<Options>): SchedulePart<Options> {
  return ofKind('learning-rate schedule', part)
}
