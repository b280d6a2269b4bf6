import { setTimeout as sleep } from 'node:timers/promises'
import { SeqlabError, toPlainError } from '../../../core/errors.js'
import { batchNames, hasBegun, removeBatch, unwantedBatches } from '../../../store/index.js'
import type { AttemptFailure, TrialJob } from '../../messages.js'
import type { Fleet, FleetCallbacks, FleetSettings } from '../types.js'
import { awaitJob, type Batch, batchOf, type Element, isAwaited, nameOf, readTask } from './batch.js'
import { Collection } from './collection.js'
import { inPieces, packed } from './pack.js'
import { askToSave, cancelJobs, type Queue, readQueue } from './queue.js'
import type { SlurmSettings } from './settings.js'
import { type GivenJob, submit, wasTaken, writeBatch } from './submission.js'

export interface SlurmFleetParts {
  /** The study's folder, absolute. */
  readonly directory: string
  /** Throws where another coordinator has the study: then its jobs are its own. */
  readonly checkLock: () => void
  readonly slurm: SlurmSettings
  readonly arrayJobs: number
  readonly settings: FleetSettings
}

/** After the last of some jobs that are given one by one, and go into one array. */
const gatherMs = 300
const backOff = 1.5
const pollsApart = 6
const stoppingPollMs = 1000

/** Attempts as jobs of arrays: one coordinator after another writes them, submits them and takes their results. */
export class SlurmFleet implements Fleet {
  private given: GivenJob[] = []
  private readonly batches: Batch[]
  private readonly collection: Collection
  /** Jobs of earlier coordinators, by trial and attempt. */
  private readonly handedOver = new Map<string, Element>()
  /** Batches that this coordinator has waited for: Slurm may still have the others, which nobody wants (`--fresh`). */
  private readonly awaitedOnce = new Set<string>()
  private readonly told = new Set<string>()
  private timer: NodeJS.Timeout | undefined
  private work: Promise<void> = Promise.resolve()
  private everyMs: number
  private stopAtMs = Number.POSITIVE_INFINITY
  private isClosed = false

  constructor(
    private readonly parts: SlurmFleetParts,
    private readonly callbacks: FleetCallbacks,
    stored: readonly Parameters<typeof batchOf>[0][],
  ) {
    this.everyMs = parts.slurm.pollMs
    this.collection = new Collection({ graceMs: parts.slurm.graceMs, isOurs: () => this.isOurs() }, callbacks)
    this.batches = stored.map((each) =>
      batchOf(each, wasTaken(each) ? { kind: 'taken' } : { kind: 'unknown', sinceMs: performance.now() }),
    )
    for (const element of this.batches.flatMap(({ elements }) => elements)) {
      for (const attempt of element.batch.stored.file.elements[element.index] ?? [])
        this.handedOver.set(keyOf(attempt), element)
    }
    this.lookAfter(gatherMs)
  }

  room(): number {
    return Number.MAX_SAFE_INTEGER
  }

  assign(job: TrialJob, alone: boolean): void {
    this.given.push({ job, alone, ms: this.parts.settings.expectedMs(job) })
    this.lookAfter(gatherMs)
  }

  adopt(trialId: string, attempt: number): TrialJob | undefined {
    const element = this.handedOver.get(keyOf({ trialId, attempt }))
    if (element === undefined) return undefined
    const { jobs } = readTask(element.batch, element.index)
    const found = jobs.find(({ job }) => job.trialId === trialId && job.attempt === attempt)
    if (found === undefined) return undefined
    awaitJob(element, found.job)
    this.awaitedOnce.add(nameOf(element.batch))
    return found.job
  }

  stop(): void {
    this.collection.isStopping = true
    this.stopAtMs = Math.min(this.stopAtMs, performance.now() + this.parts.settings.limits.stopMs)
    this.collection.isChanged = true
    this.serially(() => this.takeBack())
  }

  kill(): void {
    this.collection.isStopping = true
    const names = this.namesOf(this.batches.filter(isAwaited))
    const failure = { kind: 'stopped-by-cluster', message: 'its job was cancelled', shared: false } as const
    this.failGiven(failure)
    for (const element of this.awaited()) this.collection.giveUp(element, failure)
    if (names.length > 0 && this.isOurs()) this.serially(async () => this.tellWords(await cancelJobs(names)))
  }

  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.timer)
    await this.work
    if (!this.isOurs()) return
    const settled = this.batches.filter((batch) => !isAwaited(batch))
    const unwanted = unwantedBatches(
      this.parts.directory,
      settled.map(({ stored }) => stored),
    )
    const done = settled.filter(({ stored }) => unwanted.includes(stored))
    const left = this.namesOf(done).filter((name) => this.collection.spoilt.has(name) || !this.awaitedOnce.has(name))
    if (left.length > 0) await cancelJobs(left)
    for (const { stored } of done) removeBatch(this.parts.directory, stored)
  }

  async detach(): Promise<void> {
    for (;;) {
      this.serially(() => this.look())
      await this.work
      if (
        this.collection.isStopping ||
        !this.batches.some((batch) => isAwaited(batch) && batch.submission.kind !== 'taken')
      )
        return
      await sleep(Math.min(this.parts.slurm.pollMs, stoppingPollMs))
    }
  }

  /** One thing after another: what is submitted is never looked for before. */
  private serially(work: () => Promise<void>): void {
    this.work = this.work.then(work).catch((error: unknown) => this.obstruct(error))
  }

  /** The next look, instead of the one that was planned. */
  private lookAfter(ms: number): void {
    clearTimeout(this.timer)
    if (this.isClosed) return
    this.timer = setTimeout(() => this.serially(() => this.look()), ms)
  }

  private async look(): Promise<void> {
    await this.submitGiven()
    const live = this.batches.filter(isAwaited)
    if (live.length === 0) return
    const queue = await this.askQueue(live)
    for (const batch of live) await this.lookAt(batch, queue)
    if (performance.now() > this.stopAtMs) await this.endAll()
    this.everyMs = this.collection.isChanged
      ? this.parts.slurm.pollMs
      : Math.min(this.everyMs * backOff, this.parts.slurm.pollMs * pollsApart)
    this.collection.isChanged = false
    this.lookAfter(this.collection.isStopping ? Math.min(this.everyMs, stoppingPollMs) : this.nextMs())
  }

  /** Sooner than planned where a grace ends before. */
  private nextMs(): number {
    const waits = this.awaited().some(
      (element) =>
        element.goneMs !== undefined || [...element.awaited.values()].some(({ endSeenMs }) => endSeenMs !== undefined),
    )
    return waits ? Math.min(this.everyMs, this.parts.slurm.pollMs, this.parts.slurm.graceMs) : this.everyMs
  }

  private async askQueue(live: readonly Batch[]): Promise<Queue | undefined> {
    const queue = await readQueue(this.namesOf(live))
    if (typeof queue !== 'string') {
      if (this.told.delete('queue')) this.callbacks.onWarning('Slurm answers again')
      return queue
    }
    if (!this.told.has('queue')) this.callbacks.onWarning(`Slurm does not tell its queue (it is asked again): ${queue}`)
    this.told.add('queue')
    return undefined
  }

  private async submitGiven(): Promise<void> {
    const { slurm, directory, arrayJobs, settings } = this.parts
    if (this.given.length === 0 || this.collection.isStopping) return
    const given = this.given
    this.given = []
    const longestFirst = given.toSorted((a, b) => b.ms - a.ms)
    for (const tasks of inPieces(packed(longestFirst, slurm), arrayJobs)) {
      this.parts.checkLock()
      const batch = batchOf(writeBatch(directory, tasks, slurm, settings), { kind: 'put-off' })
      this.batches.push(batch)
      this.awaitedOnce.add(nameOf(batch))
      tasks.forEach((task, index) => {
        const element = batch.elements[index]
        if (element !== undefined) for (const { job } of task) awaitJob(element, job)
      })
      await this.submitBatch(batch)
    }
  }

  private async submitBatch(batch: Batch): Promise<void> {
    this.parts.checkLock()
    const submission = await submit(batch.stored, this.parts.directory, this.parts.slurm)
    this.collection.isChanged = true
    if (submission === 'taken') batch.submission = { kind: 'taken' }
    else if (submission === 'unknown') batch.submission = { kind: 'unknown', sinceMs: performance.now() }
    else if (submission === 'put-off') this.putOff()
    else this.refuse(batch, submission.refused)
  }

  private putOff(): void {
    if (!this.told.has('put off'))
      this.callbacks.onWarning('Slurm takes no more jobs of yours now: the others are submitted when it does')
    this.told.add('put off')
  }

  /** Slurm's own words end the run: no trial is the cause, and the same jobs would be refused again. */
  private refuse(batch: Batch, words: string): void {
    const hint = 'Change the profile, or ask the administrator, and run the same command again.'
    const error = toPlainError(new SeqlabError('run', `Slurm refused the jobs: ${words}`, { hint }))
    for (const element of batch.elements)
      this.collection.endAllOf(element, (job) => this.callbacks.onEnd(job, { kind: 'obstructed', error }))
    removeBatch(this.parts.directory, batch.stored)
    this.batches.splice(this.batches.indexOf(batch), 1)
  }

  private async lookAt(batch: Batch, queue: Queue | undefined): Promise<void> {
    const names = namesIn(batch)
    const queued = queue?.get(nameOf(batch))
    if (batch.submission.kind !== 'taken' && queue !== undefined) {
      const isKnown = queued !== undefined || batch.elements.some(({ index }) => hasBegun(names, index))
      if (!isKnown) return this.submitAgain(batch)
      batch.submission = { kind: 'taken' }
    }
    for (const element of batch.elements) {
      if (element.awaited.size === 0) continue
      this.collection.passOn(element, names)
      await this.collection.takeEnds(element, names)
      if (queue !== undefined)
        this.collection.judge(element, queued?.filter(({ index }) => index === element.index) ?? [], names)
    }
  }

  /** What the queue does not know was not taken, unless the submission is still on its way. */
  private async submitAgain(batch: Batch): Promise<void> {
    const { submission } = batch
    if (this.collection.isStopping) return
    if (submission.kind === 'unknown' && performance.now() - submission.sinceMs < this.parts.slurm.graceMs) return
    if (wasTaken(batch.stored)) batch.submission = { kind: 'taken' }
    else await this.submitBatch(batch)
  }

  /** Takes back what waits, and asks what runs to save; `scancel` has the last word about what has not begun. */
  private async takeBack(): Promise<void> {
    const live = this.batches.filter(isAwaited)
    const notBegun = { kind: 'not-begun', message: 'it was taken back from the queue', shared: false } as const
    this.failGiven(notBegun)
    if (!this.isOurs()) return
    const names = this.namesOf(live)
    const words = await cancelJobs(names, 'PENDING')
    this.tellWords(words)
    await askToSave(names)
    for (const batch of live) {
      const files = namesIn(batch)
      for (const element of batch.elements)
        if (element.awaited.size > 0 && !hasBegun(files, element.index)) this.collection.giveUp(element, notBegun)
    }
    this.lookAfter(Math.min(this.parts.slurm.pollMs, stoppingPollMs))
  }

  /** After the time that jobs have to save. */
  private async endAll(): Promise<void> {
    const live = this.batches.filter(isAwaited)
    if (live.length === 0 || !this.isOurs()) return
    this.tellWords(await cancelJobs(this.namesOf(live)))
    const failure = { kind: 'host-exited', message: 'its job did not stop in time', shared: false } as const
    for (const element of this.awaited()) this.collection.giveUp(element, failure)
  }

  private failGiven(failure: AttemptFailure): void {
    for (const { job } of this.given.splice(0)) this.callbacks.onFailure(job, failure)
  }

  /** An error of this process (a disk, a lost lock) ends the run. */
  private obstruct(error: unknown): void {
    const outcome = { kind: 'obstructed', error: toPlainError(error) } as const
    for (const { job } of this.given.splice(0)) this.callbacks.onEnd(job, outcome)
    for (const element of this.awaited()) this.collection.endAllOf(element, (job) => this.callbacks.onEnd(job, outcome))
  }

  private awaited(): readonly Element[] {
    return this.batches.flatMap(({ elements }) => elements).filter(({ awaited }) => awaited.size > 0)
  }

  private namesOf(batches: readonly Batch[]): readonly string[] {
    return batches.map(nameOf)
  }

  private tellWords(words: string | undefined): void {
    if (words !== undefined) this.callbacks.onWarning(`Slurm did not cancel all jobs: ${words}`)
  }

  private isOurs(): boolean {
    try {
      this.parts.checkLock()
      return true
    } catch {
      return false
    }
  }
}

function keyOf({ trialId, attempt }: { readonly trialId: string; readonly attempt: number }): string {
  return `${trialId}.${attempt}`
}

/** None where somebody removed the folder: then no result comes from it. */
function namesIn({ stored }: Batch): ReadonlySet<string> {
  try {
    return batchNames(stored)
  } catch {
    return new Set()
  }
}
