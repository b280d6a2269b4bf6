// One job of the queue on this machine: its files are loaded, it is run in a slot, what it saves goes to Redis as it is
// saved, and its result at its end. All of it stops the moment that the job's lock is lost.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { matches } from '../../../../core/checked-json.js'
import { SeqlabError, toPlainError } from '../../../../core/errors.js'
import { systemErrorCode } from '../../../../core/files.js'
import { jsonLine } from '../../../../core/json.js'
import { isWrittenByAttempt, resultParcel, savedParcel } from '../../../../store/index.js'
import { defaultLimits } from '../../../limits.js'
import type { AttemptOutcome, WorkerEvent } from '../../../messages.js'
import { type Blobs, type Holder, LockLost } from '../blobs.js'
import type { Ended } from '../collection.js'
import type { Connection } from '../connection.js'
import { receiveFiles, sendParcel } from '../file-sets.js'
import type { Keys } from '../keys.js'
import { localJob } from '../local-job.js'
import type { Taken } from '../queue.js'
import type { QueueSettings } from '../settings.js'
import { type FileSet, type WireEnd, type WireJob, wireJobSchema } from '../wire.js'
import type { FileCache } from './cache.js'
import { partsFor, type Slot } from './slot.js'

export interface AttemptParts {
  readonly connection: Connection
  readonly keys: Keys
  readonly blobs: Blobs
  readonly cache: FileCache
  readonly settings: QueueSettings
  /** Memory that a host may take, in bytes. */
  readonly hostBytes: number
  /** An empty place for this job's files. */
  readonly directory: string
}

/** How a job went, for who reads the worker's lines. */
export type Went =
  | { readonly kind: 'done'; readonly text: string }
  /** Somebody else has it, or nobody any more: what was done counts for nothing. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'cancelled' }
  /** This machine is in the way of every job. */
  | { readonly kind: 'unfit'; readonly message: string }

/** A job that runs here. */
export interface RunningJob {
  /** Saves, and gives the job back. */
  giveBack(): void
  /** Ends it at once. */
  kill(): void
  readonly went: Promise<Went>
}

/** Runs a job that this process has the lock of. */
export function runJob(
  taken: Taken,
  slot: Slot,
  parts: AttemptParts,
  onEvent: (event: WorkerEvent) => void,
): RunningJob {
  const attempt = new Attempt(taken, slot, parts, onEvent)
  return { giveBack: () => attempt.giveBack(), kill: () => attempt.abandon('lost'), went: attempt.run() }
}

class Attempt {
  private state: 'loading' | 'running' | 'sending' = 'loading'
  /** Why it ends early. */
  private ends: 'lost' | 'cancelled' | 'given-back' | undefined
  private events: WorkerEvent[] = []
  private saving: Promise<void> | undefined
  private saveAgain = false
  private readonly holder: Holder

  constructor(
    private readonly taken: Taken,
    private readonly slot: Slot,
    private readonly parts: AttemptParts,
    private readonly onEvent: (event: WorkerEvent) => void,
  ) {
    this.holder = { name: taken.id, lock: { jobId: taken.id, token: taken.token } }
  }

  async run(): Promise<Went> {
    // Its errors end the job, which is all that they mean.
    this.beat().catch(() => {})
    try {
      return await this.work()
    } catch (error) {
      return await this.conclude(error)
    } finally {
      this.over = true
      rmSync(this.parts.directory, { recursive: true, force: true })
    }
  }

  giveBack(): void {
    this.ends ??= 'given-back'
    if (this.state === 'running') this.slot.stop()
  }

  abandon(why: 'lost' | 'cancelled'): void {
    this.ends = why
    if (this.state === 'running') this.slot.kill()
  }

  private over = false

  private async work(): Promise<Went> {
    const { taken } = this
    if (taken.isLost) return this.refuse('its worker was lost')
    if (!matches(wireJobSchema, taken.data)) return this.refuse('the job is not one of this version of seqlab')
    const wire = taken.data
    const own = partsFor(wire.parts)
    if ('missing' in own)
      return this.refuse(`the worker was not given the parts ${own.missing}, or not the same text of them (--parts)`)
    const job = localJob(wire, await this.load(wire))
    if (this.ends !== undefined) return this.endEarly()
    this.state = 'running'
    const limits = {
      ...defaultLimits,
      hostBytes: Math.min(this.parts.hostBytes, wire.hostBytes ?? Number.POSITIVE_INFINITY),
      trialMs: wire.trialMs ?? Number.POSITIVE_INFINITY,
    }
    const ended = await this.slot.run({ job, engine: wire.engine, parts: own.parts, limits }, (event) =>
      this.heard(event),
    )
    this.state = 'sending'
    if (this.ends === 'lost') return { kind: 'lost' }
    await this.saving
    await this.flush()
    return this.send(ended)
  }

  /** Puts what the job reads into this machine's folders. */
  private async load(wire: WireJob) {
    const { cache, blobs, directory } = this.parts
    const places = { directory: join(directory, 'attempt'), dataset: await cache.file(wire.dataset, blobs) }
    if (wire.kind === 'evaluate') {
      const trained = join(directory, 'trained')
      await cache.fill(wire.trained, trained, blobs)
      await receiveFiles(blobs, {}, places.directory, isWrittenByAttempt)
      return { ...places, trained }
    }
    const [resumeFrom, startFrom] = [join(directory, 'resume'), join(directory, 'start')]
    await receiveFiles(blobs, {}, places.directory, isWrittenByAttempt)
    if (wire.resume !== undefined) await receiveFiles(blobs, wire.resume, resumeFrom, isWrittenByAttempt)
    if (wire.start !== undefined) await cache.fill(wire.start.files, startFrom, blobs)
    return { ...places, ...(wire.resume && { resumeFrom }), ...(wire.start && { startFrom }) }
  }

  private heard(event: WorkerEvent): void {
    this.onEvent(event)
    if (event.kind === 'saved') this.save()
    else this.note(event)
  }

  /** Of training only the last event until the next report: a worker far away need not tell each. */
  private note(event: WorkerEvent): void {
    const isTrain = (known: WorkerEvent | undefined) => known?.kind === 'trial' && known.event.kind === 'train'
    if (isTrain(event) && isTrain(this.events.at(-1))) this.events.pop()
    this.events.push(event)
    if (this.events.length > 500) this.events.shift()
  }

  /** Sends the last checkpoint; another one that is saved meanwhile after it. */
  private save(): void {
    this.saveAgain = true
    this.saving ??= this.saveAll().finally(() => {
      this.saving = undefined
    })
  }

  private async saveAll(): Promise<void> {
    while (this.saveAgain && this.ends !== 'lost') {
      this.saveAgain = false
      try {
        await this.saveOnce()
      } catch (error) {
        if (error instanceof LockLost) this.abandon('lost')
        // The result at the end is what counts: without this one a lost worker costs more.
        else this.note({ kind: 'warning', message: `a checkpoint was not sent: ${toPlainError(error).message}` })
      }
    }
  }

  private async saveOnce(): Promise<void> {
    const { blobs, keys, connection, directory, settings } = this.parts
    const parcel = await savedParcel(join(directory, 'attempt'))
    if (parcel === undefined) return
    const files = await sendParcel(blobs, this.holder, parcel)
    const key = keys.checkpoint(this.taken.id)
    await connection.attempt(() => connection.redis.set(key, jsonLine(files), 'PX', settings.keepMs))
    await blobs.keepOnly(this.taken.id, digestsIn(files))
    this.note({ kind: 'saved', step: stepIn(files) })
  }

  private async send(ended: Ended): Promise<Went> {
    const problem =
      ended.kind === 'outcome' && ended.outcome.kind === 'obstructed' ? ended.outcome.error.message : undefined
    if (problem !== undefined) {
      await this.end(givenBack(`its worker cannot work: ${problem}`))
      return { kind: 'unfit', message: problem }
    }
    if (this.ends === 'given-back' && hasStopped(ended)) return this.endEarly()
    if (ended.kind === 'failure')
      return this.end({ schemaVersion: 1, kind: 'failure', failure: ended.failure }, ended.failure.message)
    const parcel = await resultParcel(join(this.parts.directory, 'attempt'))
    const files = await sendParcel(this.parts.blobs, this.holder, parcel)
    return this.end({ schemaVersion: 1, kind: 'outcome', outcome: ended.outcome, files }, describe(ended.outcome))
  }

  private async endEarly(): Promise<Went> {
    if (this.ends === 'lost') return { kind: 'lost' }
    await this.end(givenBack(this.ends === 'cancelled' ? 'it was cancelled' : 'its worker was stopped'))
    return this.ends === 'cancelled' ? { kind: 'cancelled' } : { kind: 'done', text: 'given back' }
  }

  private async end(how: WireEnd, text = 'given back'): Promise<Went> {
    return (await this.taken.end(how)) ? { kind: 'done', text } : { kind: 'lost' }
  }

  private async refuse(why: string): Promise<Went> {
    return (await this.taken.fail(why)) ? { kind: 'done', text: `refused: ${why}` } : { kind: 'lost' }
  }

  /** What went wrong on this side of the job. */
  private async conclude(error: unknown): Promise<Went> {
    if (error instanceof LockLost || this.ends === 'lost') return { kind: 'lost' }
    const { message } = toPlainError(error)
    const isDisk = diskCodes.has(systemErrorCode(error) ?? '')
    if (!(error instanceof SeqlabError) && !isDisk) throw error
    const went = await this.end(givenBack(isDisk ? `its worker cannot work: ${message}` : message), message)
    return isDisk ? { kind: 'unfit', message } : went
  }

  /** Keeps the lock, and looks whether the job is to stop, until the end. */
  private async beat(): Promise<void> {
    const { connection, keys, settings } = this.parts
    let renewedAt = performance.now()
    while (!this.over) {
      await sleep(Math.min(stopEveryMs, settings.leaseMs / 6))
      if (this.over) return
      try {
        if (performance.now() - renewedAt > settings.leaseMs / 3) {
          if (!(await this.taken.renew())) return this.abandon('lost')
          renewedAt = performance.now()
        }
        await this.flush()
        const asked = await connection.attempt(() => connection.redis.get(keys.stop(this.taken.id)))
        if (asked === 'kill') return this.abandon('cancelled')
        if (asked === 'save' && this.state === 'running') this.slot.stop()
      } catch (error) {
        // Redis was away for longer than the grace: the result could not be delivered either.
        if (!this.over) this.abandon('lost')
        throw error
      }
    }
  }

  private async flush(): Promise<void> {
    if (this.events.length === 0) return
    const events = this.events.splice(0)
    await this.taken.report({ schemaVersion: 1, events })
  }
}

const stopEveryMs = 500
const diskCodes = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'EIO'])

function givenBack(message: string): WireEnd {
  return { schemaVersion: 1, kind: 'failure', failure: { kind: 'stopped-by-cluster', message, shared: false } }
}

function hasStopped(ended: Ended): boolean {
  if (ended.kind === 'failure') return true
  const { outcome } = ended
  return outcome.kind === 'stopped' || (outcome.kind === 'ran' && outcome.summary.status === 'stopped')
}

function describe(outcome: AttemptOutcome): string {
  if (outcome.kind === 'ran') return outcome.summary.status
  if (outcome.kind === 'refused') return `refused: ${outcome.error.message}`
  return outcome.kind
}

function digestsIn(files: FileSet): readonly string[] {
  return Object.values(files).map(({ sha256 }) => sha256)
}

/** The step of a checkpoint, by the name of its mark. */
function stepIn(files: FileSet): number {
  const steps = Object.keys(files).flatMap((name) => /metrics-at-(\d+)\.json$/.exec(name)?.[1] ?? [])
  return Math.max(0, ...steps.map(Number))
}
