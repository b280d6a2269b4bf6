import type { OwnFile } from '../../spec/own/types.js'
import type { Limits } from '../limits.js'
import type { AttemptFailure, AttemptOutcome, EngineRequest, TrialJob, WorkerEvent } from '../messages.js'

export interface FleetSettings {
  /** Trials at a time, over all hosts of one machine. */
  readonly workers: number
  readonly isolation: 'thread' | 'process'
  /** The machine that computes turns it into a choice (agents/engine-choice.ts). */
  readonly engine: EngineRequest
  /** The user's own parts that hosts need. */
  readonly parts: readonly OwnFile[]
  readonly limits: Limits
  /** `limits.hostBytes` where the user gave it; else each machine goes by its own memory, or by what it was given of it. */
  readonly hostBytes?: number
  /** Versions of everything that can change a result: who has others refuses to compute. */
  readonly versions: Readonly<Record<string, string>>
  /** Milliseconds on one core that a job is planned to take; 0 where that is not known. */
  expectedMs(job: TrialJob): number
}

/** What a fleet reports of the jobs it was given: any number of events, then exactly one of `onEnd` and `onFailure`. */
export interface FleetCallbacks {
  onEvent(job: TrialJob, event: WorkerEvent): void
  /** An outcome `obstructed` ends the run: a disk, or a cluster that takes no jobs, is no trial's failure. */
  onEnd(job: TrialJob, outcome: AttemptOutcome): void
  onFailure(job: TrialJob, failure: AttemptFailure): void
  onWarning(message: string): void
  /** Of a queue whose workers are elsewhere: one of them has taken the job. */
  onBegin?(job: TrialJob): void
}

/** Where the attempts of a run are computed: takes jobs, watches them, and reports the end of each. */
export interface Fleet {
  /** How many more jobs it takes now; a cluster, which has a queue of its own, takes all. */
  room(): number
  /** `alone`: in a host with no other trial. */
  assign(job: TrialJob, alone: boolean): void
  /** Every running trial saves and stops, what waits in a queue is taken back; what does not end within the limit is killed. */
  stop(): void
  /** Ends everything at once. The jobs fail. */
  kill(): void
  /** Resolves when nothing is left of it; jobs that were handed over go on. */
  close(): Promise<void>
  /** An attempt that an earlier coordinator handed over, and that is from now on this one's as if it had been assigned. */
  adopt(trialId: string, attempt: number): TrialJob | undefined
  /**
   * Resolves once every job is where it goes on without this process, and what had ended by then was reported. Where
   * that is `impossible` (on this machine) the command line refuses before.
   */
  detach(): Promise<void>
}

/** The study that a fleet is opened for. */
export interface FleetStudy {
  readonly directory: string
  /** `check` throws where another coordinator has taken it over: what is on a cluster is that one's from then on. */
  readonly lock: { check(): void }
}

export type ClusterName = 'slurm' | 'redis'

/** Opens the fleet of a run: of hosts on this machine, or of jobs of a cluster. */
export interface Executor {
  /** Attempts are on this cluster, and outlive the run's process; absent: they are here. */
  readonly on?: ClusterName
  /** Throws SeqlabError 'run' where the fleet cannot be opened. */
  open(study: FleetStudy, settings: FleetSettings, callbacks: FleetCallbacks): Promise<Fleet>
}
