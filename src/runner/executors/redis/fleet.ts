// The fleet of a run over Redis: attempts are jobs of a queue, which workers on any machines take. Everything that a job
// needs after this process is gone is in Redis, so that the next command finds it there.
import { matches } from '../../../core/checked-json.js'
import { SeqlabError, toPlainError } from '../../../core/errors.js'
import { unfinishedAttempts } from '../../../store/index.js'
import type { AttemptFailure, TrialJob } from '../../messages.js'
import type { Fleet, FleetCallbacks, FleetSettings, FleetStudy } from '../types.js'
import type { Blobs } from './blobs.js'
import { collect, type Ended, lost, obstructed, refusedOrObstructed } from './collection.js'
import type { Connection } from './connection.js'
import { inParallel } from './file-sets.js'
import { adoptedJob } from './local-job.js'
import type { JobQueue } from './queue.js'
import type { QueueSettings } from './settings.js'
import { showCurve } from './show-curve.js'
import { createSubmission, inputHolder, type Submission } from './submission.js'
import { jobIdOf, type WireJob, wireJobSchema, wireProgressSchema } from './wire.js'
import { listeners, nobodyListens } from './workers.js'

/** What the fleet of a study works with, opened. */
export interface QueueFleetParts extends FleetStudy {
  /** Its name in the queue. */
  readonly study: string
  readonly queueName: string
  readonly connection: Connection
  readonly queue: JobQueue
  readonly blobs: Blobs
  readonly queueSettings: QueueSettings
  readonly settings: FleetSettings
}

interface Tracked {
  readonly job: TrialJob
  /** `sending`: its files go to Redis; `ending`: its end is being taken. */
  phase: 'sending' | 'queued' | 'ending'
  /** A worker has it. */
  begun: boolean
}

/** What Redis calls for, of one run. */
export class QueueFleet implements Fleet {
  private readonly tracked = new Map<string, Tracked>()
  /** Jobs that an earlier coordinator handed over. */
  private readonly found = new Map<string, WireJob>()
  private readonly submission: Submission
  /** Jobs whose ends were reported: they leave Redis once that has been acted on. */
  private readonly over = new Set<string>()
  private readonly work = new Set<Promise<void>>()
  private readonly sendQueue: string[] = []
  private sending = 0
  private timer: NodeJS.Timeout | undefined
  private polling: Promise<void> | undefined
  private workersAskedAt = Number.NEGATIVE_INFINITY
  private missingSaid: string | undefined
  private stopAt = Number.POSITIVE_INFINITY
  private broken = false

  constructor(
    private readonly parts: QueueFleetParts,
    private readonly callbacks: FleetCallbacks,
  ) {
    const { study, blobs, settings } = parts
    this.submission = createSubmission({ study, blobs, settings, warn: callbacks.onWarning })
  }

  /** Looks for what an earlier coordinator left in the queue. */
  async begin(): Promise<void> {
    const { connection, queue, study } = this.parts
    const unfinished = unfinishedAttempts(this.parts.directory)
    const ids = await connection.attempt(() => connection.redis.smembers(queue.keys.study(study)))
    await inParallel(ids, async (jobId) => {
      const data = await queue.data(jobId)
      const isOurs = matches(wireJobSchema, data) && data.study === study && jobIdOf(data) === jobId
      // What was revoked or published meanwhile was only not cleared away.
      if (isOurs && unfinished.get(data.trialId) === data.attempt) this.found.set(jobId, data)
      else await this.discard(jobId)
    })
    this.tick(0)
  }

  room(): number {
    return this.broken ? 0 : Math.max(0, this.parts.queueSettings.jobs - this.tracked.size)
  }

  assign(job: TrialJob): void {
    const jobId = this.idOf(job)
    this.tracked.set(jobId, { job, phase: 'sending', begun: false })
    this.sendQueue.push(jobId)
    this.sendMore()
  }

  adopt(trialId: string, attempt: number): TrialJob | undefined {
    const jobId = jobIdOf({ study: this.parts.study, trialId, attempt })
    const wire = this.found.get(jobId)
    if (wire === undefined) return undefined
    this.found.delete(jobId)
    const job = adoptedJob(wire, this.parts.directory)
    this.tracked.set(jobId, { job, phase: 'queued', begun: false })
    this.tick(0)
    return job
  }

  stop(): void {
    this.stopAt = Math.min(this.stopAt, performance.now() + this.parts.settings.limits.stopMs)
    for (const jobId of this.sendQueue.splice(0)) this.fail(jobId, cancelled)
    this.run(this.cancelAll())
    this.tick(stopTickMs)
  }

  kill(): void {
    for (const [jobId, { phase }] of [...this.tracked]) {
      if (phase === 'ending') continue
      this.fail(jobId, cancelled)
      this.run(this.withdraw(jobId, 'kill'))
    }
  }

  async detach(): Promise<void> {
    while (this.sendQueue.length > 0 || this.sending > 0) await Promise.race([...this.work, pause(50)])
    await this.poll()
    await Promise.all(this.work)
  }

  async close(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    const { connection, queue, blobs, study } = this.parts
    try {
      await Promise.all(this.work)
      if (!this.broken) {
        await this.withdrawUnwanted()
        await this.discardAll()
        const left = await connection.attempt(() => connection.redis.scard(queue.keys.study(study)))
        if (left === 0) await blobs.keepOnly(study, [])
        await connection.attempt(() => connection.redis.del(queue.keys.here(study)))
      }
    } catch (error) {
      this.callbacks.onWarning(`Redis was left with files of this run, which expire: ${messageOf(error)}`)
    } finally {
      this.closed = true
      await Promise.race([queue.close(), pause(closeMs)])
      await connection.close()
    }
  }

  /** For the queue: something about a job changed. */
  changed(jobId: string): void {
    if (!this.tracked.has(jobId) || this.broken) return
    if (this.changedJobs.size === 0) setImmediate(() => this.run(this.askChanged()))
    this.changedJobs.add(jobId)
  }

  /** For the queue: a job reports. */
  progressed(jobId: string, progress: unknown): void {
    const tracked = this.tracked.get(jobId)
    if (tracked === undefined || !matches(wireProgressSchema, progress)) return
    this.hasBegun(tracked)
    for (const event of progress.events) {
      // An end that is being taken brings the whole curve.
      if (tracked.phase !== 'ending') showCurve(tracked.job, event)
      this.callbacks.onEvent(tracked.job, event)
    }
  }

  private closed = false
  private readonly changedJobs = new Set<string>()
  private readonly refusals = new Map<string, number>()

  private async askChanged(): Promise<void> {
    const changed = [...this.changedJobs]
    this.changedJobs.clear()
    await this.ask(changed)
    await this.clean()
  }

  private idOf(job: TrialJob): string {
    return jobIdOf({ study: this.parts.study, ...job })
  }

  /** Does something in the background; an error of it ends the run. */
  private run(work: Promise<void>): void {
    const done = work.catch((error: unknown) => this.breakDown(error)).finally(() => this.work.delete(done))
    this.work.add(done)
  }

  private sendMore(): void {
    while (this.sending < sentAtOnce) {
      const jobId = this.sendQueue.shift()
      if (jobId === undefined) return
      this.sending++
      this.run(
        this.send(jobId).finally(() => {
          this.sending--
          this.sendMore()
        }),
      )
    }
  }

  private async send(jobId: string): Promise<void> {
    const tracked = this.tracked.get(jobId)
    if (tracked === undefined) return
    const { connection, queue, study } = this.parts
    let wire: WireJob
    try {
      wire = await this.submission.wireJob(tracked.job)
    } catch (error) {
      const outcome = refusedOrObstructed(error)
      if (outcome.kind === 'obstructed') throw error
      this.over.add(jobId)
      return this.end(jobId, { kind: 'outcome', outcome })
    }
    if (!this.tracked.has(jobId)) return void this.over.add(jobId)
    // First the name, so that a job that is in the queue is always found again.
    await connection.attempt(() => connection.redis.sadd(queue.keys.study(study), jobId))
    await queue.add(jobId, wire)
    // Stopped while it was sent.
    if (!this.tracked.has(jobId)) return this.withdraw(jobId, 'kill')
    tracked.phase = 'queued'
    if (Number.isFinite(this.stopAt)) await this.withdraw(jobId, 'save')
  }

  /** Asks for the states of all jobs after a while, at the latest. */
  private tick(afterMs: number): void {
    if (this.closed) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.run(this.poll())
    }, afterMs)
  }

  private poll(): Promise<void> {
    this.polling ??= this.pollOnce().finally(() => {
      this.polling = undefined
      if (!this.closed && !this.broken) this.tick(this.nextPollMs())
    })
    return this.polling
  }

  private nextPollMs(): number {
    const { pollMs, leaseMs } = this.parts.queueSettings
    return Number.isFinite(this.stopAt) ? stopTickMs : Math.min(pollMs, leaseMs)
  }

  private async pollOnce(): Promise<void> {
    this.parts.lock.check()
    const queued = [...this.tracked].filter(([, { phase }]) => phase === 'queued').map(([jobId]) => jobId)
    for (let at = 0; at < queued.length; at += askedAtOnce) await this.ask(queued.slice(at, at + askedAtOnce))
    await this.clean()
    await this.sayHere()
    if (performance.now() > this.stopAt) this.kill()
    await this.askForWorkers(queued.length)
  }

  private async ask(jobIds: readonly string[]): Promise<void> {
    const states = await this.parts.queue.states(jobIds)
    for (const [at, jobId] of jobIds.entries()) {
      const [state, tracked] = [states[at], this.tracked.get(jobId)]
      if (tracked?.phase !== 'queued' || state === 'waiting') continue
      if (state === 'started') {
        this.hasBegun(tracked)
        continue
      }
      tracked.phase = 'ending'
      this.run(this.takeEnd(jobId, tracked.job, state === 'lost'))
    }
  }

  private hasBegun(tracked: Tracked): void {
    if (tracked.begun) return
    tracked.begun = true
    this.callbacks.onBegin?.(tracked.job)
  }

  private async takeEnd(jobId: string, job: TrialJob, isLost: boolean): Promise<void> {
    const ports = { ...this.parts, warn: this.callbacks.onWarning }
    const seconds = Math.round(this.parts.queueSettings.leaseMs / 1000)
    const ended = isLost
      ? await lost(ports, jobId, job, `its worker was lost: no sign of life for ${seconds} s`)
      : await collect(ports, jobId, job)
    this.over.add(jobId)
    this.end(jobId, this.afterRefusals(job, ended))
  }

  /** Results that cannot be taken again and again are the end of the trial. */
  private afterRefusals({ trialId }: TrialJob, ended: Ended): Ended {
    if (ended.kind === 'outcome' || ended.refused === undefined) return ended
    const times = (this.refusals.get(trialId) ?? 0) + 1
    this.refusals.set(trialId, times)
    if (times < refusalsAtMost) return ended
    const error = toPlainError(new SeqlabError('run', `${ended.failure.message} (${times} times)`))
    return { kind: 'outcome', outcome: { kind: 'refused', error } }
  }

  /** Reports how a job ended. */
  private end(jobId: string, ended: Ended): void {
    const tracked = this.tracked.get(jobId)
    this.tracked.delete(jobId)
    if (tracked === undefined) return
    if (ended.kind === 'outcome') this.callbacks.onEnd(tracked.job, ended.outcome)
    else this.callbacks.onFailure(tracked.job, ended.failure)
  }

  private fail(jobId: string, failure: AttemptFailure): void {
    this.end(jobId, { kind: 'failure', failure })
  }

  /** What was reported a moment ago is published by now: should this process have been killed meanwhile, it would still be there. */
  private readonly reportedAt = new Map<string, number>()
  private async clean(): Promise<void> {
    const now = performance.now()
    for (const jobId of this.over) if (!this.reportedAt.has(jobId)) this.reportedAt.set(jobId, now)
    const ripe = [...this.over].filter((jobId) => now - (this.reportedAt.get(jobId) ?? now) > publishedAfterMs)
    await inParallel(ripe, (jobId) => this.discard(jobId))
  }

  /** Jobs of earlier commands that were discarded meanwhile (`--fresh`). */
  private async withdrawUnwanted(): Promise<void> {
    const unfinished = unfinishedAttempts(this.parts.directory)
    const unwanted = [...this.found].filter(([, { trialId, attempt }]) => unfinished.get(trialId) !== attempt)
    await inParallel(unwanted, ([jobId]) => this.withdraw(jobId, 'kill'))
  }

  /** A job that was killed leaves once its worker has noticed. */
  private async discardAll(): Promise<void> {
    const until = performance.now() + Math.min(this.parts.queueSettings.leaseMs, closeMs)
    for (;;) {
      await inParallel([...this.over], (jobId) => this.discard(jobId))
      if (this.over.size === 0 || performance.now() > until) return
      await pause(stopTickMs)
    }
  }

  /** Takes a job and all that it holds out of Redis, unless a worker still has it. */
  private async discard(jobId: string): Promise<void> {
    const { connection, queue, blobs, study } = this.parts
    const { redis, attempt } = connection
    if (!(await queue.remove(jobId))) return void this.over.add(jobId)
    await blobs.keepOnly(jobId, [])
    await blobs.keepOnly(inputHolder(jobId), [])
    await attempt(() => redis.del(queue.keys.checkpoint(jobId), queue.keys.stop(jobId)))
    await attempt(() => redis.srem(queue.keys.study(study), jobId))
    this.over.delete(jobId)
    this.reportedAt.delete(jobId)
  }

  /** Jobs that wait are taken back at once; those that run save first, and end by themselves. */
  private async cancelAll(): Promise<void> {
    const queued = [...this.tracked].filter(([, { phase }]) => phase === 'queued').map(([jobId]) => jobId)
    await inParallel(queued, (jobId) => this.withdraw(jobId, 'save'))
  }

  private async withdraw(jobId: string, how: 'save' | 'kill'): Promise<void> {
    if (this.broken) return
    const { connection, queue, queueSettings } = this.parts
    const asked = queue.keys.stop(jobId)
    await connection.attempt(() => connection.redis.set(asked, how, 'PX', Math.max(queueSettings.leaseMs, lateStopMs)))
    const [state] = await queue.states([jobId])
    if (how === 'save' && state !== 'waiting') return
    if (await queue.remove(jobId)) {
      this.over.add(jobId)
      this.fail(jobId, cancelled)
    } else if (how === 'kill') this.over.add(jobId)
  }

  /** Keeps what all jobs read from expiring; and as a write it notices a Redis that takes nothing, which no question does. */
  private async sayHere(): Promise<void> {
    const { connection, queue, blobs, study, queueSettings } = this.parts
    if (this.tracked.size === 0) return
    await connection.attempt(() => connection.redis.set(queue.keys.here(study), 1, 'PX', 3 * queueSettings.pollMs))
    await blobs.renewAll(study)
  }

  private async askForWorkers(queued: number): Promise<void> {
    const { connection, queueName, queueSettings, settings } = this.parts
    if (queued === 0 || performance.now() - this.workersAskedAt < queueSettings.pollMs) return
    this.workersAskedAt = performance.now()
    const missing = nobodyListens(await listeners(connection, queueSettings.queue), queueName, settings.versions)
    if (missing !== undefined && missing !== this.missingSaid) this.callbacks.onWarning(missing)
    this.missingSaid = missing
  }

  /** Redis is out of reach for good: the run ends, and its jobs stay for the next command. */
  private breakDown(error: unknown): void {
    if (this.broken) return
    this.broken = true
    this.sendQueue.length = 0
    for (const jobId of [...this.tracked.keys()]) this.end(jobId, { kind: 'outcome', outcome: obstructed(error) })
  }
}

const cancelled: AttemptFailure = { kind: 'stopped-by-cluster', message: 'it was cancelled', shared: false }

/** Jobs whose files are sent side by side. */
const sentAtOnce = 6
/** Jobs that are asked for in one go. */
const askedAtOnce = 1000
const stopTickMs = 250
const publishedAfterMs = 2000
const closeMs = 5000
const refusalsAtMost = 3
/** A stop that nobody read goes by itself. */
const lateStopMs = 3_600_000

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
