// The fleet of a run over Redis: attempts are jobs of a queue, which workers on any machines take. Everything that a job
// needs after this process is gone is in Redis, so that the next command finds it there.
import { setTimeout as sleep } from 'node:timers/promises'
import { matches } from '../../../core/checked-json.js'
import { SeqlabError, toPlainError } from '../../../core/errors.js'
import { inParallel } from '../../../core/parallel.js'
import { unfinishedAttempts } from '../../../store/index.js'
import type { AttemptFailure, TrialJob } from '../../messages.js'
import type { Fleet, FleetCallbacks, FleetSettings, FleetStudy } from '../types.js'
import { Cleanup, type CleanupPorts } from './cleanup.js'
import { collect, type Ended, lost, obstructed } from './collection.js'
import { lanes } from './file-sets.js'
import { Jobs } from './jobs.js'
import { adoptedJob } from './local-job.js'
import { Sender } from './sender.js'
import type { QueueSettings } from './settings.js'
import { showCurve } from './show-curve.js'
import { createSubmission } from './submission.js'
import { jobIdOf, type WireJob, wireJobSchema, wireProgressSchema } from './wire.js'
import { workerWatch } from './workers.js'

/** What the fleet of a study works with, opened. */
export interface QueueFleetParts extends FleetStudy, CleanupPorts {
  readonly queueName: string
  readonly queueSettings: QueueSettings
  readonly settings: FleetSettings
}

/** What Redis calls for, of one run. */
export class QueueFleet implements Fleet {
  private readonly jobs: Jobs
  /** Jobs that an earlier coordinator handed over. */
  private readonly found = new Map<string, WireJob>()
  private readonly sender: Sender
  private readonly cleanup: Cleanup
  private readonly lookForWorkers: () => Promise<void>
  private readonly work = new Set<Promise<void>>()
  private readonly changedJobs = new Set<string>()
  private readonly refusals = new Map<string, number>()
  private timer: NodeJS.Timeout | undefined
  private polling: Promise<void> | undefined
  private stopAt = Number.POSITIVE_INFINITY
  private isCleared = false
  private broken = false
  private closed = false

  constructor(
    private readonly parts: QueueFleetParts,
    private readonly callbacks: FleetCallbacks,
  ) {
    const { study, blobs, settings } = parts
    this.jobs = new Jobs(callbacks)
    this.cleanup = new Cleanup(parts)
    this.lookForWorkers = workerWatch({ ...parts, versions: settings.versions, warn: callbacks.onWarning })
    this.sender = new Sender({
      ...parts,
      submission: createSubmission({ study, blobs, settings, warn: callbacks.onWarning }),
      ...{ jobs: this.jobs, cleanup: this.cleanup },
      run: (work) => this.run(work),
      withdraw: (jobId, how) => this.withdraw(jobId, how),
    })
  }

  /** Looks for what an earlier coordinator left in the queue. */
  async begin(): Promise<void> {
    const { connection, queue, study } = this.parts
    const unfinished = unfinishedAttempts(this.parts.directory)
    const ids = await connection.attempt(() => connection.redis.smembers(queue.keys.study(study)))
    await inParallel(ids, lanes, async (jobId) => {
      const data = await queue.data(jobId)
      const isOurs = matches(wireJobSchema, data) && data.study === study && jobIdOf(data) === jobId
      // What was revoked or published meanwhile was only not cleared away.
      if (isOurs && unfinished.get(data.trialId) === data.attempt) this.found.set(jobId, data)
      else await this.cleanup.discard(jobId)
    })
    this.tick(0)
  }

  room(): number {
    return this.broken ? 0 : Math.max(0, this.parts.queueSettings.jobs - this.jobs.size)
  }

  assign(job: TrialJob): void {
    // Those that are given come after all that are adopted: what is left of earlier commands is of no use (`--fresh`).
    if (!this.isCleared) this.run(this.withdrawUnwanted())
    this.isCleared = true
    const jobId = jobIdOf({ study: this.parts.study, ...job })
    this.jobs.add(jobId, job, 'sending')
    this.sender.give(jobId)
  }

  adopt(trialId: string, attempt: number): TrialJob | undefined {
    const jobId = jobIdOf({ study: this.parts.study, trialId, attempt })
    const wire = this.found.get(jobId)
    if (wire === undefined) return undefined
    this.found.delete(jobId)
    const job = adoptedJob(wire, this.parts.directory)
    this.jobs.add(jobId, job, 'queued')
    this.tick(0)
    return job
  }

  stop(): void {
    this.stopAt = Math.min(this.stopAt, performance.now() + this.parts.settings.limits.stopMs)
    for (const jobId of this.sender.stop()) this.jobs.fail(jobId, cancelled)
    this.run(this.cancelAll())
    this.tick(stopTickMs)
  }

  kill(): void {
    for (const [jobId, { phase }] of this.jobs.all()) {
      if (phase === 'ending') continue
      this.jobs.fail(jobId, cancelled)
      this.run(this.withdraw(jobId, 'kill'))
    }
  }

  async detach(): Promise<void> {
    while (this.sender.isBusy()) await Promise.race([...this.work, sleep(50)])
    await this.poll()
    await Promise.all(this.work)
  }

  async close(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    const { connection, queue, blobs, study, queueSettings } = this.parts
    try {
      await Promise.all(this.work)
      if (!this.broken) {
        await this.withdrawUnwanted()
        await this.cleanup.discardAll(Math.min(queueSettings.leaseMs, closeMs))
        const left = await connection.attempt(() => connection.redis.scard(queue.keys.study(study)))
        if (left === 0) await blobs.keepOnly(study, [])
        await connection.attempt(() => connection.redis.del(queue.keys.here(study)))
      }
    } catch (error) {
      this.callbacks.onWarning(`Redis was left with files of this run, which expire: ${messageOf(error)}`)
    } finally {
      this.closed = true
      await Promise.race([queue.close(), sleep(closeMs)])
      await connection.close()
    }
  }

  /** For the queue: something about a job changed. */
  changed(jobId: string): void {
    if (!this.jobs.has(jobId) || this.broken) return
    if (this.changedJobs.size === 0) setImmediate(() => this.run(this.askChanged()))
    this.changedJobs.add(jobId)
  }

  /** For the queue: a job reports. */
  progressed(jobId: string, progress: unknown): void {
    const tracked = this.jobs.get(jobId)
    if (tracked === undefined || !matches(wireProgressSchema, progress)) return
    this.jobs.begin(tracked)
    for (const event of progress.events) {
      // An end that is being taken brings the whole curve.
      if (tracked.phase !== 'ending') showCurve(tracked.job, event)
      this.callbacks.onEvent(tracked.job, event)
    }
  }

  private async askChanged(): Promise<void> {
    const changed = [...this.changedJobs]
    this.changedJobs.clear()
    await this.ask(changed)
    await this.cleanup.clean()
  }

  /** Does something in the background; an error of it ends the run. */
  private run(work: Promise<void>): void {
    const done = work.catch((error: unknown) => this.breakDown(error)).finally(() => this.work.delete(done))
    this.work.add(done)
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
    const queued = this.jobs.queued()
    for (let at = 0; at < queued.length; at += askedAtOnce) await this.ask(queued.slice(at, at + askedAtOnce))
    await this.cleanup.clean()
    await this.sayHere()
    if (performance.now() > this.stopAt) this.kill()
    if (queued.length > 0) await this.lookForWorkers()
  }

  private async ask(jobIds: readonly string[]): Promise<void> {
    const states = await this.parts.queue.states(jobIds)
    for (const [at, jobId] of jobIds.entries()) {
      const [state, tracked] = [states[at], this.jobs.get(jobId)]
      if (tracked?.phase !== 'queued' || state === 'waiting') continue
      if (state === 'started') {
        this.jobs.begin(tracked)
        continue
      }
      tracked.phase = 'ending'
      this.run(this.takeEnd(jobId, tracked.job, state === 'lost'))
    }
  }

  private async takeEnd(jobId: string, job: TrialJob, isLost: boolean): Promise<void> {
    const ports = { ...this.parts, warn: this.callbacks.onWarning }
    const seconds = Math.round(this.parts.queueSettings.leaseMs / 1000)
    const ended = isLost
      ? await lost(ports, jobId, job, `its worker was lost: no sign of life for ${seconds} s`)
      : await collect(ports, jobId, job)
    this.cleanup.add(jobId)
    this.jobs.end(jobId, this.afterRefusals(job, ended))
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

  /** Jobs of earlier commands that were discarded meanwhile (`--fresh`). */
  private async withdrawUnwanted(): Promise<void> {
    const unfinished = unfinishedAttempts(this.parts.directory)
    const unwanted = [...this.found].filter(([, { trialId, attempt }]) => unfinished.get(trialId) !== attempt)
    for (const [jobId] of unwanted) this.found.delete(jobId)
    await inParallel(unwanted, lanes, ([jobId]) => this.withdraw(jobId, 'kill'))
  }

  /** Jobs that wait are taken back at once; those that run save first, and end by themselves. */
  private async cancelAll(): Promise<void> {
    await inParallel([...this.jobs.queued()], lanes, (jobId) => this.withdraw(jobId, 'save'))
  }

  private async withdraw(jobId: string, how: 'save' | 'kill'): Promise<void> {
    if (this.broken) return
    const { connection, queue, queueSettings } = this.parts
    const asked = queue.keys.stop(jobId)
    await connection.attempt(() => connection.redis.set(asked, how, 'PX', Math.max(queueSettings.leaseMs, lateStopMs)))
    const [state] = await queue.states([jobId])
    if (how === 'save' && state !== 'waiting') return
    if (await queue.remove(jobId)) {
      this.cleanup.add(jobId)
      this.jobs.fail(jobId, cancelled)
    } else if (how === 'kill') this.cleanup.add(jobId)
  }

  /** Keeps what all jobs read from expiring; and as a write it notices a Redis that takes nothing, which no question does. */
  private async sayHere(): Promise<void> {
    const { connection, queue, blobs, study, queueSettings } = this.parts
    if (this.jobs.size === 0) return
    await connection.attempt(() => connection.redis.set(queue.keys.here(study), 1, 'PX', 3 * queueSettings.pollMs))
    await blobs.renewAll(study)
  }

  /** Redis is out of reach for good: the run ends, and its jobs stay for the next command. */
  private breakDown(error: unknown): void {
    if (this.broken) return
    this.broken = true
    this.sender.stop()
    for (const [jobId] of this.jobs.all()) this.jobs.end(jobId, { kind: 'outcome', outcome: obstructed(error) })
  }
}

const cancelled: AttemptFailure = { kind: 'stopped-by-cluster', message: 'it was cancelled', shared: false }

/** Jobs that are asked for in one go. */
const askedAtOnce = 1000
const stopTickMs = 250
const closeMs = 5000
const refusalsAtMost = 3
/** A stop that nobody read goes by itself. */
const lateStopMs = 3_600_000

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
