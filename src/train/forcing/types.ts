import type { Static, TObject } from 'typebox'
import type { Problem } from '../../core/errors.js'
import { ofKind, type Part } from '../../core/part.js'

/** With options bound: the probability that the true previous symbol is fed at a step (from 1) of `totalSteps`. */
export type TeacherForcing = (at: { readonly step: number; readonly totalSteps: number }) => number

/** What a teacher-forcing schedule's file exports. */
export interface TeacherForcingPart<Options extends TObject = TObject> extends Part<Options> {
  build(options: Static<Options>): TeacherForcing
  /** Problems of the options; paths within them. */
  problems?(options: Static<Options>): readonly Problem[]
}

/** Declares a teacher-forcing schedule. */
export function defineTeacherForcing<Options extends TObject>(
  part: TeacherForcingPart<Options>,
): TeacherForcingPart<Options> {
  return ofKind('teacher-forcing schedule', part)
}
