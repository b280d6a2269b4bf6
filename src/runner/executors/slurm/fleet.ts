import { setTimeout as sleep } from 'node:timers/promises'
import { SeqlabError, toPlainError } from '../../../core/errors.js'
import { batchNames, endElement, hasBegun, isBatchWanted, removeBatch } from '../../../store/index.js'
import type { AttemptFailure, TrialJob } from '../../messages.js'
import type { Fleet, FleetCallbacks, FleetSettings } from '../types.js'
import { type Awaited, awaitJob, type Batch, batchOf, type Element, isAwaited, nameOf, readTask } from './batch.js'
import type { ElementEnd } from './end.js'
import { goneFailure, stoppedFailure } from './failures.js'
import { inPieces, packed } from './pack.js'
import { askToSave, cancelJobs, hasEnded, type Queue, type QueuedJob, readQueue } from './queue.js'
import { lastWords, readEnd, readEvents } from './results.js'
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
  private readonly furthest = new Map<string, number>()
  private readonly spoilt = new Set<string>()
  private readonly told = new Set<string>()
  private timer: NodeJS.Timeout | undefined
  private work: Promise<void> = Promise.resolve()
  private everyMs: number
  private changed = false
  private stopAtMs = Number.POSITIVE_INFINITY
  private isStopping = false
  private isClosed = false

  constructor(
    private readonly parts: SlurmFleetParts,
    private readonly callbacks: FleetCallbacks,
    stored: readonly Parameters<typeof batchOf>[0][],
  ) {
    this.everyMs = parts.slurm.pollMs
    this.batches = stored.map((each) =>
      batchOf(each, wasTaken(each) ? { kind: 'taken' } : { kind: 'unknown', sinceMs: performance.now() }),
    )
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
    for (const batch of this.batches) {
      const index = batch.stored.file.elements.findIndex((attempts) =>
        attempts.some((each) => each.trialId === trialId && each.attempt === attempt),
      )
      const element = batch.elements[index]
      if (element === undefined) continue
      const found = readTask(batch, index).jobs.find(({ job }) => job.trialId === trialId && job.attempt === attempt)
      if (found !== undefined) awaitJob(element, found.job)
      return found?.job
    }
    return undefined
  }

  stop(): void {
    this.isStopping = true
    this.stopAtMs = Math.min(this.stopAtMs, performance.now() + this.parts.settings.limits.stopMs)
    this.changed = true
    this.serially(() => this.takeBack())
  }

  kill(): void {
    this.isStopping = true
    const names = this.namesOf(this.batches.filter(isAwaited))
    const failure = { kind: 'stopped-by-cluster', message: 'its job was cancelled', shared: false } as const
    this.failGiven(failure)
    for (const element of this.awaited()) this.giveUp(element, failure)
    if (names.length > 0 && this.isOurs()) this.serially(async () => this.tellWords(await cancelJobs(names)))
  }

  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.timer)
    await this.work
    if (!this.isOurs()) return
    const done = this.batches.filter((batch) => !isAwaited(batch) && !isBatchWanted(this.parts.directory, batch.stored))
    const left = this.namesOf(done).filter((name) => this.spoilt.has(name))
    if (left.length > 0) await cancelJobs(left)
    for (const { stored } of done) removeBatch(this.parts.directory, stored)
  }

  async detach(): Promise<void> {
    for (;;) {
      this.serially(() => this.look())
      await this.work
      if (this.isStopping || !this.batches.some((batch) => isAwaited(batch) && batch.submission.kind !== 'taken'))
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
    this.everyMs = this.changed
      ? this.parts.slurm.pollMs
      : Math.min(this.everyMs * backOff, this.parts.slurm.pollMs * pollsApart)
    this.changed = false
    this.lookAfter(this.isStopping ? Math.min(this.everyMs, stoppingPollMs) : this.nextMs())
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
    if (this.given.length === 0 || this.isStopping) return
    const given = this.given
    this.given = []
    const longestFirst = given.toSorted((a, b) => b.ms - a.ms)
    for (const tasks of inPieces(packed(longestFirst, slurm), arrayJobs)) {
      this.parts.checkLock()
      const batch = batchOf(writeBatch(directory, tasks, slurm, settings), { kind: 'put-off' })
      this.batches.push(batch)
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
    this.changed = true
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
      this.endAllOf(element, (job) => this.callbacks.onEnd(job, { kind: 'obstructed', error }))
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
      this.passOn(element, names)
      await this.takeEnds(element, names)
      if (queue !== undefined) this.judge(element, queued?.filter(({ index }) => index === element.index) ?? [], names)
    }
  }

  /** What the queue does not know was not taken, unless the submission is still on its way. */
  private async submitAgain(batch: Batch): Promise<void> {
    const { submission } = batch
    if (this.isStopping) return
    if (submission.kind === 'unknown' && performance.now() - submission.sinceMs < this.parts.slurm.graceMs) return
    if (wasTaken(batch.stored)) batch.submission = { kind: 'taken' }
    else await this.submitBatch(batch)
  }

  private passOn(element: Element, names: ReadonlySet<string>): void {
    if (!hasBegun(names, element.index)) return
    for (const line of readEvents(element)) {
      this.changed = true
      if ('message' in line) this.callbacks.onWarning(line.message)
      else {
        const waiting = [...element.awaited.values()].find(
          ({ job }) => job.trialId === line.trialId && job.attempt === line.attempt,
        )
        if (waiting === undefined) continue
        if (line.event.kind === 'saved') this.saved(waiting.job, line.event.step)
        else this.callbacks.onEvent(waiting.job, line.event)
      }
    }
  }

  /** A checkpoint is progress only where it is further than every one before: a job that is stopped saves what it read, too. */
  private saved(job: TrialJob, step: number): void {
    if (step <= (this.furthest.get(job.trialId) ?? 0)) return
    this.furthest.set(job.trialId, step)
    this.callbacks.onEvent(job, { kind: 'saved', step })
  }

  private async takeEnds(element: Element, names: ReadonlySet<string>): Promise<void> {
    for (const [name, waiting] of [...element.awaited]) {
      if (!names.has(name)) continue
      const end = await readEnd(element, waiting.job)
      if (typeof end !== 'string') this.take(element, name, waiting, end)
      else this.waitForFiles(element, name, waiting, end)
    }
  }

  private waitForFiles(element: Element, name: string, waiting: Awaited, why: string): void {
    waiting.endSeenMs ??= performance.now()
    if (performance.now() - waiting.endSeenMs < this.parts.slurm.graceMs) return
    const message = `its result did not arrive whole: ${why}`
    this.end(element, name, () =>
      this.callbacks.onFailure(waiting.job, { kind: 'stopped-by-cluster', message, shared: false }),
    )
  }

  private take(element: Element, name: string, { job }: Awaited, end: ElementEnd): void {
    this.end(element, name, () => {
      const { outcome, failure } = end
      const stopped = this.isStopping ? undefined : stoppedFailure(end)
      if (stopped !== undefined) {
        if (outcome?.kind === 'ran') this.saved(job, outcome.summary.stepsDone)
        this.callbacks.onFailure(job, stopped)
      } else if (outcome !== undefined) this.callbacks.onEnd(job, outcome)
      else this.callbacks.onFailure(job, failure ?? goneFailure('', 'without saying how', 1))
    })
  }

  /** Whether a job of the array is gone for good: Slurm says so or does not know it, and its files had time to appear. */
  private judge(element: Element, jobs: readonly QueuedJob[], names: ReadonlySet<string>): void {
    if (element.awaited.size === 0) return
    const state = jobs.find((job) => !hasEnded(job))?.state ?? jobs.at(-1)?.state
    if (state !== element.state) this.changed = true
    if (state !== undefined) element.state = state
    if (jobs.some((job) => !hasEnded(job))) {
      delete element.goneMs
      return
    }
    element.goneMs ??= performance.now()
    if (performance.now() - element.goneMs < this.parts.slurm.graceMs) return
    const words = lastWords(element)
    if (element.state === 'FAILED' && words !== '' && !hasBegun(names, element.index))
      this.endBeforeItBegan(element, words)
    else this.giveUp(element, goneFailure(element.state ?? '', words, element.awaited.size))
  }

  /** What the profile sets up failed, or Node is not there: no trial is the cause, and the next job would fail as well. */
  private endBeforeItBegan(element: Element, words: string): void {
    const message = `A job ended before it began: ${words || 'it said nothing'}`
    const error = toPlainError(new SeqlabError('run', message, { hint: 'Check `setup` in the profile.' }))
    this.endAllOf(element, (job) => this.callbacks.onEnd(job, { kind: 'obstructed', error }))
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
        if (element.awaited.size > 0 && !hasBegun(files, element.index)) this.giveUp(element, notBegun)
    }
    this.lookAfter(Math.min(this.parts.slurm.pollMs, stoppingPollMs))
  }

  /** After the time that jobs have to save. */
  private async endAll(): Promise<void> {
    const live = this.batches.filter(isAwaited)
    if (live.length === 0 || !this.isOurs()) return
    this.tellWords(await cancelJobs(this.namesOf(live)))
    const failure = { kind: 'host-exited', message: 'its job did not stop in time', shared: false } as const
    for (const element of this.awaited()) this.giveUp(element, failure)
  }

  private giveUp(element: Element, failure: AttemptFailure): void {
    if (element.awaited.size === 0) return
    this.spoilt.add(nameOf(element.batch))
    if (this.isOurs()) endElement(element.batch.stored.directory, element.index)
    this.endAllOf(element, (job) => this.callbacks.onFailure(job, failure))
  }

  private endAllOf(element: Element, report: (job: TrialJob) => void): void {
    for (const [name, { job }] of [...element.awaited]) this.end(element, name, () => report(job))
  }

  /** Exactly once for each attempt. */
  private end(element: Element, name: string, report: () => void): void {
    if (!element.awaited.delete(name)) return
    this.changed = true
    report()
  }

  private failGiven(failure: AttemptFailure): void {
    for (const { job } of this.given.splice(0)) this.callbacks.onFailure(job, failure)
  }

  /** An error of this process (a disk, a lost lock) ends the run. */
  private obstruct(error: unknown): void {
    const outcome = { kind: 'obstructed', error: toPlainError(error) } as const
    for (const { job } of this.given.splice(0)) this.callbacks.onEnd(job, outcome)
    for (const element of this.awaited()) this.endAllOf(element, (job) => this.callbacks.onEnd(job, outcome))
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

/** None where somebody removed the folder: then no result comes from it. */
function namesIn({ stored }: Batch): ReadonlySet<string> {
  try {
    return batchNames(stored)
  } catch {
    return new Set()
  }
}
