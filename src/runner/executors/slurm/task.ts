// What a job of an array is told to compute, and how.
import Type, { type Static } from 'typebox'
import { list, version } from '../../../core/checked-json.js'
import type { OwnFile } from '../../../spec/own/types.js'
import type { Limits } from '../../limits.js'
import type { TrialJob } from '../../messages.js'

const limitNames = ['hostBytes', 'trialMs', 'noProgressMs', 'leaseMs', 'stopMs'] as const

/** A task is written by this user's coordinator and sealed: trials and parts are as the coordinator made them. */
export const taskSchema = Type.Object({
  schemaVersion: version(1),
  versions: Type.Record(Type.String(), Type.String()),
  engine: Type.Object({
    name: Type.Union([
      Type.Literal('auto'),
      Type.Literal('compiled'),
      Type.Literal('tfjs-node'),
      Type.Literal('tfjs-cpu'),
    ]),
    loneFlops: Type.Optional(Type.Number()),
    dumpGraphDir: Type.Optional(Type.String()),
  }),
  isolation: Type.Union([Type.Literal('thread'), Type.Literal('process')]),
  /** Of the job: as many trials side by side, or threads of a lone one. */
  cores: Type.Integer({ minimum: 1 }),
  parts: Type.Unsafe<readonly OwnFile[]>(Type.Array(Type.Object({ file: Type.String() }))),
  /** Those that have a value; the others are this machine's. */
  limits: Type.Object(Object.fromEntries(limitNames.map((name) => [name, Type.Optional(Type.Number())]))),
  graceMs: Type.Number(),
  jobs: list(
    Type.Object({
      job: Type.Unsafe<TrialJob>(
        Type.Object({ trialId: Type.String(), attempt: Type.Number(), directory: Type.String() }),
      ),
      alone: Type.Boolean(),
    }),
  ),
})

export type ElementTask = Readonly<Static<typeof taskSchema>>

/** Limits as JSON has them: what is not limited is left out. */
export function writtenLimits(limits: Limits, hostBytes: number | undefined): Partial<Limits> {
  const { hostBytes: _, budgetMs: __, ...others } = limits
  const all = Object.entries({ ...others, ...(hostBytes !== undefined && { hostBytes }) })
  return Object.fromEntries(all.filter(([, value]) => Number.isFinite(value)))
}
