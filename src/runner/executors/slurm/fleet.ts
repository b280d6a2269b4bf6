import { setTimeout as sleep } from 'node:timers/promises'
import { toPlainError } from '../../../core/errors.js'
import { hasBegun, removeBatch, type StoredBatch, unwantedBatches } from '../../../store/index.js'
import type { TrialJob } from '../../messages.js'
import type { Fleet, FleetCallbacks } from '../types.js'
import { type Batch, nameOf } from './batch.js'
import { Collection } from './collection.js'
import { namesIn, namesOf, OpenBatches } from './open-batches.js'
import { askToSave, cancelJobs, type Queue, readQueue } from './queue.js'
import { Submitter, type SubmitterParts } from './submitter.js'

/** After the last of some jobs that are given one by one, and go into one array. */
const gatherMs = 300
const backOff = 1.5
const pollsApart = 6
const stoppingPollMs = 1000

/** Attempts as jobs of arrays: one coordinator after another writes them, submits them and takes their results. */
export class SlurmFleet implements Fleet {
  private readonly batches: OpenBatches
  private readonly collection: Collection
  private readonly submitter: Submitter
  private isQueueSilent = false
  private isCleared = false
  private timer: NodeJS.Timeout | undefined
  private work: Promise<void> = Promise.resolve()
  private everyMs: number
  private stopAtMs = Number.POSITIVE_INFINITY
  private isClosed = false

  constructor(
    private readonly parts: SubmitterParts,
    private readonly callbacks: FleetCallbacks,
    stored: readonly StoredBatch[],
  ) {
    this.everyMs = parts.slurm.pollMs
    this.collection = new Collection({ graceMs: parts.slurm.graceMs, isOurs: () => this.isOurs() }, callbacks)
    this.batches = new OpenBatches(stored)
    this.submitter = new Submitter(parts, this.batches, this.collection, callbacks)
    this.lookAfter(gatherMs)
  }

  room(): number {
    return Number.MAX_SAFE_INTEGER
  }

  assign(job: TrialJob, alone: boolean): void {
    this.submitter.give(job, alone)
    this.lookAfter(gatherMs)
  }

  adopt(trialId: string, attempt: number): TrialJob | undefined {
    return this.batches.adopt(trialId, attempt)
  }

  stop(): void {
    this.collection.isStopping = true
    this.stopAtMs = Math.min(this.stopAtMs, performance.now() + this.parts.settings.limits.stopMs)
    this.collection.isChanged = true
    this.serially(() => this.takeBack())
  }

  kill(): void {
    this.collection.isStopping = true
    const names = namesOf(this.batches.live())
    const failure = { kind: 'stopped-by-cluster', message: 'its job was cancelled', shared: false } as const
    this.submitter.fail(failure)
    for (const element of this.batches.awaited()) this.collection.giveUp(element, failure)
    if (names.length > 0 && this.isOurs()) this.serially(async () => this.tellWords(await cancelJobs(names)))
  }

  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.timer)
    await this.work
    if (this.isOurs()) await this.clearAway()
  }

  async detach(): Promise<void> {
    for (;;) {
      this.serially(() => this.look())
      await this.work
      if (this.collection.isStopping || !this.batches.live().some(({ submission }) => submission.kind !== 'taken'))
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
    if (this.submitter.hasJobs() && !this.collection.isStopping) {
      // Those that are given come after all that are adopted: what is left of earlier commands is of no use (`--fresh`).
      this.parts.checkLock()
      if (!this.isCleared) await this.clearAway()
      this.isCleared = true
      await this.submitter.submitGiven()
    }
    const live = this.batches.live()
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
    const waits = this.batches
      .awaited()
      .some(
        (element) =>
          element.goneMs !== undefined ||
          [...element.awaited.values()].some(({ endSeenMs }) => endSeenMs !== undefined),
      )
    return waits ? Math.min(this.everyMs, this.parts.slurm.pollMs, this.parts.slurm.graceMs) : this.everyMs
  }

  private async askQueue(live: readonly Batch[]): Promise<Queue | undefined> {
    const queue = await readQueue(namesOf(live))
    const isSilent = typeof queue === 'string'
    if (this.isQueueSilent && !isSilent) this.callbacks.onWarning('Slurm answers again')
    if (isSilent && !this.isQueueSilent)
      this.callbacks.onWarning(`Slurm does not tell its queue (it is asked again): ${queue}`)
    this.isQueueSilent = isSilent
    return isSilent ? undefined : queue
  }

  private async lookAt(batch: Batch, queue: Queue | undefined): Promise<void> {
    const names = namesIn(batch)
    const queued = queue?.get(nameOf(batch))
    if (batch.submission.kind !== 'taken' && queue !== undefined) {
      const isKnown = queued !== undefined || batch.elements.some(({ index }) => hasBegun(names, index))
      if (!isKnown) return this.collection.isStopping ? undefined : this.submitter.submitAgain(batch)
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

  /** Takes back what waits, and asks what runs to save; `scancel` has the last word about what has not begun. */
  private async takeBack(): Promise<void> {
    const live = this.batches.live()
    const notBegun = { kind: 'not-begun', message: 'it was taken back from the queue', shared: false } as const
    this.submitter.fail(notBegun)
    if (!this.isOurs()) return
    const names = namesOf(live)
    this.tellWords(await cancelJobs(names, 'PENDING'))
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
    const live = this.batches.live()
    if (live.length === 0 || !this.isOurs()) return
    this.tellWords(await cancelJobs(namesOf(live)))
    const failure = { kind: 'host-exited', message: 'its job did not stop in time', shared: false } as const
    for (const element of this.batches.awaited()) this.collection.giveUp(element, failure)
  }

  /** Takes what nobody waits for out of Slurm, and its folders away. */
  private async clearAway(): Promise<void> {
    const settled = this.batches.settled()
    const unwanted = unwantedBatches(
      this.parts.directory,
      settled.map(({ stored }) => stored),
    )
    const done = settled.filter(({ stored }) => unwanted.includes(stored))
    const mayBeQueued = (batch: Batch) => this.collection.spoilt.has(nameOf(batch)) || !this.batches.wasAwaited(batch)
    const left = namesOf(done.filter(mayBeQueued))
    if (left.length > 0) await cancelJobs(left)
    for (const batch of done) {
      removeBatch(this.parts.directory, batch.stored)
      this.batches.remove(batch)
    }
  }

  /** An error of this process (a disk, a lost lock) ends the run. */
  private obstruct(error: unknown): void {
    const outcome = { kind: 'obstructed', error: toPlainError(error) } as const
    this.submitter.end(outcome)
    for (const element of this.batches.awaited())
      this.collection.endAllOf(element, (job) => this.callbacks.onEnd(job, outcome))
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
