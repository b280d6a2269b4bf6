import Type, { type Static } from 'typebox'
import { version } from '../../../core/checked-json.js'
import { failureSchema, outcomeSchema } from '../attempt-schemas.js'

/** How an attempt ended in a cluster job: what a fleet of this machine would report. */
export const endSchema = Type.Object({
  schemaVersion: version(1),
  trialId: Type.String(),
  attempt: Type.Number(),
  outcome: Type.Optional(outcomeSchema),
  failure: Type.Optional(failureSchema),
  /** Why the job asked its trials to stop; absent where it did not. */
  stopped: Type.Optional(Type.Union([Type.Literal('time-limit'), Type.Literal('stopped-by-cluster')])),
})

export type ElementEnd = Readonly<Static<typeof endSchema>>
