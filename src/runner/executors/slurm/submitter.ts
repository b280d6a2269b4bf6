// Jobs on their way into Slurm's queue: gathered, packed into arrays, submitted, and submitted again where nobody took them.
import { SeqlabError, toPlainError } from '../../../core/errors.js'
import { removeBatch } from '../../../store/index.js'
import type { AttemptFailure, AttemptOutcome, TrialJob } from '../../messages.js'
import type { FleetCallbacks, FleetSettings } from '../types.js'
import { awaitJob, type Batch, batchOf } from './batch.js'
import type { Collection } from './collection.js'
import type { OpenBatches } from './open-batches.js'
import { inPieces, packed } from './pack.js'
import type { SlurmSettings } from './settings.js'
import { type GivenJob, submit, wasTaken, writeBatch } from './submission.js'

export interface SubmitterParts {
  /** The study's folder, absolute. */
  readonly directory: string
  /** Throws where another coordinator has the study: then its jobs are its own. */
  readonly checkLock: () => void
  readonly slurm: SlurmSettings
  readonly arrayJobs: number
  readonly settings: FleetSettings
}

export class Submitter {
  private given: GivenJob[] = []
  private isPutOff = false

  constructor(
    private readonly parts: SubmitterParts,
    private readonly batches: OpenBatches,
    private readonly collection: Collection,
    private readonly callbacks: FleetCallbacks,
  ) {}

  /** Takes a job that the next submission is to have. */
  give(job: TrialJob, alone: boolean): void {
    this.given.push({ job, alone, ms: this.parts.settings.expectedMs(job) })
  }

  hasJobs(): boolean {
    return this.given.length > 0
  }

  /** Jobs that were not submitted yet fail. */
  fail(failure: AttemptFailure): void {
    for (const { job } of this.given.splice(0)) this.callbacks.onFailure(job, failure)
  }

  /** Jobs that were not submitted yet end. */
  end(outcome: AttemptOutcome): void {
    for (const { job } of this.given.splice(0)) this.callbacks.onEnd(job, outcome)
  }

  async submitGiven(): Promise<void> {
    const { slurm, directory, arrayJobs, settings, checkLock } = this.parts
    const longestFirst = this.given.splice(0).sort((a, b) => b.ms - a.ms)
    for (const tasks of inPieces(packed(longestFirst, slurm), arrayJobs)) {
      checkLock()
      const batch = batchOf(writeBatch(directory, tasks, slurm, settings), { kind: 'put-off' })
      this.batches.add(batch)
      tasks.forEach((task, index) => {
        const element = batch.elements[index]
        if (element !== undefined) for (const { job } of task) awaitJob(element, job)
      })
      await this.submitBatch(batch)
    }
  }

  /** What the queue does not know was not taken, unless the submission is still on its way. */
  async submitAgain(batch: Batch): Promise<void> {
    const { submission } = batch
    if (submission.kind === 'unknown' && performance.now() - submission.sinceMs < this.parts.slurm.graceMs) return
    if (wasTaken(batch.stored)) batch.submission = { kind: 'taken' }
    else await this.submitBatch(batch)
  }

  private async submitBatch(batch: Batch): Promise<void> {
    const { checkLock, directory, slurm } = this.parts
    checkLock()
    const submission = await submit(batch.stored, directory, slurm)
    this.collection.isChanged = true
    if (submission === 'taken') batch.submission = { kind: 'taken' }
    else if (submission === 'unknown') batch.submission = { kind: 'unknown', sinceMs: performance.now() }
    else if (submission === 'put-off') this.putOff()
    else this.refuse(batch, submission.refused)
  }

  private putOff(): void {
    if (!this.isPutOff)
      this.callbacks.onWarning('Slurm takes no more jobs of yours now: the others are submitted when it does')
    this.isPutOff = true
  }

  /** Slurm's own words end the run: no trial is the cause, and the same jobs would be refused again. */
  private refuse(batch: Batch, words: string): void {
    const hint = 'Change the profile, or ask the administrator, and run the same command again.'
    const error = toPlainError(new SeqlabError('run', `Slurm refused the jobs: ${words}`, { hint }))
    for (const element of batch.elements)
      this.collection.endAllOf(element, (job) => this.callbacks.onEnd(job, { kind: 'obstructed', error }))
    removeBatch(this.parts.directory, batch.stored)
    this.batches.remove(batch)
  }
}
