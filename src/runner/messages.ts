import type { MessagePort } from 'node:worker_threads'
import type { PlainError } from '../core/errors.js'
import type { Machine } from '../core/machine.js'
import type { DataCounts, Dataset, DatasetDigests } from '../data/types.js'
import type { EngineName } from '../engine/types.js'
import type { OwnFile } from '../spec/own/types.js'
import type { PlannedEvaluation, Spec } from '../spec/types.js'
import type { FileDigest } from '../store/index.js'
import type { TrialEvent, TrialResult } from '../train/types.js'

// Everything that crosses the boundary of a thread or a process: plain data only.

interface Attempt {
  readonly trialId: string
  readonly attempt: number
  /** The attempt's own folder: nothing else writes there. */
  readonly directory: string
  readonly spec: Spec
  readonly seed: number
  readonly baseDir: string
  readonly digests: DatasetDigests
  /** The file of the encoded data, where this machine does not have the spec's own files: then none of those is opened. */
  readonly dataset?: string
}

/** One attempt at training a trial, as a host receives it. */
export interface TrainJob extends Attempt {
  readonly kind: 'train'
  /** Folders that may hold a checkpoint of an earlier attempt; the furthest one that is whole is used. */
  readonly resumeFrom: readonly string[]
  /** Digest of what `train.init` takes from another run. */
  readonly start?: string | undefined
  /** The folder that holds it, where `train.init.from` is a place on another machine. */
  readonly startFrom?: string
  readonly label: string
}

/** One attempt at evaluating a trained model, which nothing is trained for; `spec.data` and `digests` are the evaluations'. */
export interface EvaluateJob extends Attempt {
  readonly kind: 'evaluate'
  /** The trial's folder. */
  readonly trained: string
  readonly evaluations: readonly PlannedEvaluation[]
}

export type TrialJob = TrainJob | EvaluateJob

/** What a host does: one or more trials, each in a thread of its pool. */
export interface Job {
  readonly trials: readonly TrialJob[]
}

/** What a run asks of the machine that computes, which decides the rest by its own cores and caches. */
export interface EngineRequest {
  readonly name: EngineName | 'auto'
  /** Floating-point operations of a training step of the plan's only trial; absent: several trials, one thread each. */
  readonly loneFlops?: number
  readonly dumpGraphDir?: string
}

export interface EngineChoice {
  readonly name: EngineName | 'auto'
  /** Cores that one trial may use inside an operation. */
  readonly threads: number
  readonly cacheDir?: string
  readonly dumpGraphDir?: string
}

export interface HostSettings {
  /** Trials at a time. */
  readonly capacity: number
  readonly engine: EngineChoice
  /** The user's own parts, as the coordinator read them. */
  readonly parts: readonly OwnFile[]
  readonly heartbeatMs: number
}

export type ToHost =
  | { readonly kind: 'open'; readonly settings: HostSettings }
  | { readonly kind: 'run'; readonly job: Job }
  /** Every running trial saves at its next step and ends as stopped. */
  | { readonly kind: 'stop'; readonly trialIds: readonly string[] }
  | { readonly kind: 'close' }

export type FromHost =
  | { readonly kind: 'event'; readonly trialId: string; readonly attempt: number; readonly event: WorkerEvent }
  | { readonly kind: 'ended'; readonly trialId: string; readonly attempt: number; readonly outcome: AttemptOutcome }
  /** The thread died under its trial. */
  | {
      readonly kind: 'thread-lost'
      readonly trialId: string
      readonly attempt: number
      readonly outOfMemory: boolean
      readonly message: string
    }
  | { readonly kind: 'warning'; readonly message: string }
  | {
      readonly kind: 'heartbeat'
      readonly residentBytes: number
      /** A number for each running trial that grows as long as it makes progress. */
      readonly progress: Readonly<Record<string, number>>
    }

/** What a worker reports while it runs. */
export type WorkerEvent =
  | { readonly kind: 'trial'; readonly event: TrialEvent }
  /** A checkpoint of this step is on the disk. */
  | { readonly kind: 'saved'; readonly step: number }
  | { readonly kind: 'warning'; readonly message: string }
  /** A warning that concerns no trial in particular: the same one of several threads is reported once. */
  | { readonly kind: 'notice'; readonly message: string }

/** A trial's result without what is already in files. */
export type TrialSummary = Omit<TrialResult, 'predictions' | 'best'>

/** What an evaluation gave, without the predictions, which are in a file. */
export interface EvaluationResult {
  readonly id: string
  readonly metrics: TrialResult['metrics']
  readonly predictions: FileDigest
}

export type AttemptOutcome =
  | {
      readonly kind: 'ran'
      readonly summary: TrialSummary
      readonly data: DataCounts
      readonly engine: { readonly name: EngineName; readonly version: string }
      /** What computed it. */
      readonly machine?: Machine
      /** Digests of the files that the attempt wrote, by name. */
      readonly files: Readonly<Record<string, FileDigest>>
    }
  | {
      readonly kind: 'evaluated'
      readonly engine: { readonly name: EngineName; readonly version: string }
      readonly evaluations: readonly EvaluationResult[]
    }
  /** Evaluations were stopped, and are to be made again. */
  | { readonly kind: 'stopped' }
  /** The attempt ended without a result because of the trial (invalid data, a model that cannot be built, a bug). */
  | { readonly kind: 'refused'; readonly error: PlainError }
  /** The disk failed: the whole run ends, no trial is the cause. */
  | { readonly kind: 'obstructed'; readonly error: PlainError }

/** Why an attempt ended without an outcome. */
export type FailureKind =
  | 'host-exited'
  | 'thread-exited'
  | 'out-of-memory'
  | 'lease-lost'
  | 'no-progress'
  | 'over-memory'
  | 'over-time'
  /** Its cluster job's time was over: it saved, and goes on in the next one. */
  | 'time-limit'
  /** Its cluster job ended before its turn came: it was never tried. */
  | 'not-begun'
  /** Its cluster job was taken away, or its machine: no trial is the cause. */
  | 'stopped-by-cluster'

/** An attempt that ended without an outcome. */
export interface AttemptFailure {
  readonly kind: FailureKind
  readonly message: string
  /** Other trials ran in the host: it is not known which of them was the cause. */
  readonly shared: boolean
}

/** What a host's main thread hands to a pool thread with a trial. */
export interface WorkerTask {
  readonly job: TrialJob
  readonly engine: EngineChoice
  readonly parts: readonly OwnFile[]
  /** Two Int32: whether to stop, and the progress counter. */
  readonly control: SharedArrayBuffer
  readonly port: MessagePort
}

export const controlBytes = 8
export const stopSlot = 0
export const progressSlot = 1

export type WorkerMessage =
  | WorkerEvent
  | { readonly kind: 'dataset-wanted' }
  | { readonly kind: 'dataset-loaded'; readonly reply: LoadedDataset }

/** The answer to a thread that asked for its trial's data: the data, or why not, or that this thread is to load them. */
export type DatasetReply = LoadedDataset | { readonly kind: 'load' }

export type LoadedDataset =
  | { readonly kind: 'dataset'; readonly dataset: Dataset }
  | { readonly kind: 'no-dataset'; readonly error: PlainError }
