// The jobs of a run that its coordinator waits for, and what it reports of them.
import type { AttemptFailure, TrialJob } from '../../messages.js'
import type { FleetCallbacks } from '../types.js'
import type { Ended } from './collection.js'

/** A job that has not ended. */
export interface Tracked {
  readonly job: TrialJob
  /** `sending`: its files go to Redis; `ending`: its end is being taken. */
  phase: 'sending' | 'queued' | 'ending'
  /** A worker has it. */
  begun: boolean
}

/** Jobs by their ids in the queue. */
export class Jobs {
  private readonly tracked = new Map<string, Tracked>()

  constructor(private readonly callbacks: Pick<FleetCallbacks, 'onEnd' | 'onFailure' | 'onBegin'>) {}

  add(jobId: string, job: TrialJob, phase: Tracked['phase']): void {
    this.tracked.set(jobId, { job, phase, begun: false })
  }

  get(jobId: string): Tracked | undefined {
    return this.tracked.get(jobId)
  }

  has(jobId: string): boolean {
    return this.tracked.has(jobId)
  }

  get size(): number {
    return this.tracked.size
  }

  all(): readonly (readonly [string, Tracked])[] {
    return [...this.tracked]
  }

  /** Those that are in the queue, as far as is known. */
  queued(): readonly string[] {
    return [...this.tracked].filter(([, { phase }]) => phase === 'queued').map(([jobId]) => jobId)
  }

  /** A worker has it; reported once. */
  begin(tracked: Tracked): void {
    if (tracked.begun) return
    tracked.begun = true
    this.callbacks.onBegin?.(tracked.job)
  }

  /** Reports how a job ended, once. */
  end(jobId: string, ended: Ended): void {
    const tracked = this.tracked.get(jobId)
    this.tracked.delete(jobId)
    if (tracked === undefined) return
    if (ended.kind === 'outcome') this.callbacks.onEnd(tracked.job, ended.outcome)
    else this.callbacks.onFailure(tracked.job, ended.failure)
  }

  fail(jobId: string, failure: AttemptFailure): void {
    this.end(jobId, { kind: 'failure', failure })
  }
}
