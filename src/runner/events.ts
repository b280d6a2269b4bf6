import type { PlainError } from '../core/errors.js'
import type { EngineName } from '../engine/types.js'
import type { EvaluationRecord, OpenOptions, RunRecord } from '../store/index.js'
import type { TrialEvent } from '../train/types.js'
import type { PlannedTimes } from './time-left.js'

/** How a plan is run; none of it changes a result. */
export interface RunOptions extends OpenOptions {
  /** The folder that holds `<study>/<trial id>/`. */
  readonly outDir: string
  readonly workers: number
  readonly isolation: 'thread' | 'process'
  readonly engine: EngineName | 'auto'
  readonly retryFailed: boolean
  /** Ids of the plan's trials that this run is about; the others stay as they are. Absent: all. */
  readonly only?: readonly string[]
  readonly dumpGraphDir?: string
  /** Jobs are handed over to the cluster, and the run ends; the same run later takes their results. */
  readonly detach?: boolean
}

/** Training with the first evaluation, or the evaluations of a trained model. */
export interface PlannedTask {
  readonly trialId: string
  readonly task: 'train' | 'evaluate'
  readonly times: PlannedTimes
}

/** What the coordinator reports to its caller while a plan runs; plain data. */
export type RunEvent =
  | {
      readonly kind: 'started'
      readonly study: string
      readonly directory: string
      readonly trials: number
      /** Trials that had been finished before, those included that are to be evaluated again. */
      readonly finishedBefore: number
      /** Trials that the directory's earlier plan did not have. */
      readonly added: number
      /** Trained models with evaluations that are missing. */
      readonly toEvaluate: number
      /** Trials of earlier plans in the directory. */
      readonly earlier: number
      /** What is left to do, in the order of starting, and what that is planned to take. */
      readonly times: readonly PlannedTask[]
      /** Trials at a time. */
      readonly workers: number
    }
  | {
      readonly kind: 'trial-started'
      readonly trialId: string
      readonly label: string
      readonly seed: number
      readonly attempt: number
      /** `evaluate`: its model is trained already. */
      readonly task: 'train' | 'evaluate'
      /** On a cluster it waits in a queue, until its first progress; here it begins at once. */
      readonly waits: boolean
    }
  | { readonly kind: 'trial-progress'; readonly trialId: string; readonly event: TrialEvent }
  | {
      readonly kind: 'trial-finished'
      readonly trialId: string
      readonly record: RunRecord
      readonly directory: string
    }
  /** A trained model has an evaluation more. */
  | {
      readonly kind: 'trial-evaluated'
      readonly trialId: string
      readonly seed: number
      readonly evaluation: EvaluationRecord
      readonly directory: string
    }
  | {
      readonly kind: 'evaluation-failed'
      readonly trialId: string
      readonly label: string
      readonly seed: number
      readonly error: PlainError
    }
  | { readonly kind: 'trial-retried'; readonly trialId: string; readonly error: PlainError }
  | { readonly kind: 'warning'; readonly message: string }

export interface MissingEvaluation {
  readonly trialId: string
  readonly label: string
  readonly seed: number
}

export interface RunOutcome {
  readonly directory: string
  readonly records: readonly RunRecord[]
  /** The plan's evaluations after the final ones of its trials. */
  readonly evaluations: readonly EvaluationRecord[]
  /** Evaluations of trained models that were not made: a stop came before. */
  readonly missing: readonly MissingEvaluation[]
  /** Trials in the directory that are not the plan's. */
  readonly others: number
  /** `interrupted`: a stop was asked for and every running trial saved its checkpoint; `detached`: a cluster goes on with the rest. */
  readonly status: 'completed' | 'some-failed' | 'interrupted' | 'detached'
}
