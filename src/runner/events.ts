import type { PlainError } from '../core/errors.js'
import type { EngineName } from '../engine/types.js'
import type { RunRecord } from '../store/record.js'
import type { TrialEvent } from '../train/types.js'

/** How a plan is run; none of it changes a result. */
export interface RunOptions {
  /** The folder that holds `<study>/<trial id>/`. */
  readonly outDir: string
  readonly workers: number
  readonly isolation: 'thread' | 'process'
  readonly engine: EngineName | 'auto'
  /** Run finished trials again. */
  readonly fresh: boolean
  readonly retryFailed: boolean
  /** Go on in a directory made by another plan, data or code; the mix is recorded. */
  readonly force: boolean
  /** The plan's trial joins those that other single specs left in the directory, instead of being another plan's. */
  readonly collect: boolean
  /** Ids of the plan's trials that this run is about; the others stay as they are. Absent: all. */
  readonly only?: readonly string[]
  readonly dumpGraphDir?: string
  /** The command as typed, for the report. */
  readonly command: string
}

/** What the coordinator tells its caller while a plan runs; plain data. */
export type RunEvent =
  | {
      readonly kind: 'started'
      readonly study: string
      readonly directory: string
      readonly trials: number
      readonly finishedBefore: number
    }
  | {
      readonly kind: 'trial-started'
      readonly trialId: string
      readonly label: string
      readonly seed: number
      readonly attempt: number
    }
  | { readonly kind: 'trial-progress'; readonly trialId: string; readonly event: TrialEvent }
  | {
      readonly kind: 'trial-finished'
      readonly trialId: string
      readonly record: RunRecord
      readonly directory: string
    }
  | { readonly kind: 'trial-retried'; readonly trialId: string; readonly error: PlainError }
  | { readonly kind: 'warning'; readonly message: string }

export interface RunOutcome {
  readonly directory: string
  readonly records: readonly RunRecord[]
  /** Trials that stand in the directory beside the plan's. */
  readonly others: number
  /** `interrupted`: a stop was asked for and every running trial saved its checkpoint. */
  readonly status: 'completed' | 'some-failed' | 'interrupted'
}
