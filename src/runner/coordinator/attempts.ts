import { join } from 'node:path'
import { specYaml } from '../../spec/document/print.js'
import type { PlannedTrial } from '../../spec/types.js'
import {
  createAttempt,
  createEvaluationAttempt,
  nextAttempt,
  type OpenStudy,
  resumeFolders,
  revokeAttempt,
} from '../../store/index.js'
import type { ClusterName, Fleet } from '../executors/types.js'
import type { TrialJob } from '../messages.js'
import { evaluateJob, isJobOf, type Task, trainJob } from './task.js'

/** Numbers a run's attempts, and makes their folders and jobs. */
export class Attempts {
  private readonly last = new Map<string, number>()

  /** `on`: where the run's attempts are, unless here. */
  constructor(
    private readonly study: OpenStudy,
    private readonly on: ClusterName | undefined,
  ) {}

  /** The task's next attempt, which the ledger has from now on. */
  async begin(task: Task): Promise<TrialJob> {
    const { trial } = task
    const attempt = await this.next(trial.id)
    const resumeFrom = task.kind === 'train' ? await resumeFolders(this.study, trial.id) : []
    this.started(trial.id, attempt)
    if (task.kind === 'train') return trainJob(trial, { attempt, directory: this.prepare(trial, attempt) }, resumeFrom)
    const directory = createEvaluationAttempt(this.study.directory, { trialId: trial.id, attempt })
    return evaluateJob(task, { attempt, directory }, join(this.study.directory, trial.id))
  }

  /**
   * The attempt at a task that an earlier coordinator handed over, where the fleet has it; one of an earlier plan counts for
   * nothing from now on.
   */
  adopt(task: Task, fleet: Fleet): TrialJob | undefined {
    const { id: trialId } = task.trial
    const attempt = this.study.history.get(trialId)?.unfinished
    const job = attempt === undefined ? undefined : fleet.adopt(trialId, attempt)
    if (job === undefined) return undefined
    if (isJobOf(task, job)) {
      // Again, for whoever reads who runs since the study was opened.
      this.started(trialId, job.attempt)
      return job
    }
    revokeAttempt(this.study, job, 'it is of an earlier plan')
    return undefined
  }

  private started(trialId: string, attempt: number): void {
    this.study.ledger.append({ kind: 'started', trialId, attempt, ...(this.on === 'redis' && { queue: 'waits' }) })
  }

  /** A worker elsewhere has taken it: only what is shown depends on that. */
  begun({ trialId, attempt }: TrialJob): void {
    this.whereOurs(() => this.study.ledger.append({ kind: 'started', trialId, attempt, queue: 'begun' }))
  }

  /** Where the disk allows, and the study is still this run's: an attempt that ended the run is adopted by none. */
  revoke(job: TrialJob, reason: string): void {
    this.whereOurs(() => revokeAttempt(this.study, job, reason))
  }

  private whereOurs(write: () => void): void {
    try {
      this.study.lock.check()
      write()
    } catch {
      // The error that ends the run is reported.
    }
  }

  /** The folder of a training's attempt, made anew. */
  prepare(trial: PlannedTrial, attempt: number): string {
    const spec = specYaml({ ...trial.spec, seed: trial.seed })
    return createAttempt(this.study.directory, { trialId: trial.id, attempt }, spec)
  }

  /** Numbers of attempts grow within a run, too: a published trial's folders of attempts are gone. */
  async next(trialId: string): Promise<number> {
    const attempt = Math.max(await nextAttempt(this.study, trialId), 1 + (this.last.get(trialId) ?? 0))
    this.last.set(trialId, attempt)
    return attempt
  }
}
