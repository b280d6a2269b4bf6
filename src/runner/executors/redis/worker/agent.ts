// A worker: takes jobs from the queue, one for each of its slots at a time, until it is stopped.

import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cacheDirectory } from '../../../../core/cache-directory.js'
import { SeqlabError, toPlainError } from '../../../../core/errors.js'
import type { StopSignal } from '../../../stop.js'
import { versions } from '../../../versions.js'
import { openBlobs } from '../blobs.js'
import { type Connection, connect, redisAddress } from '../connection.js'
import { openWorkQueue, type Taken, type WorkQueue } from '../queue.js'
import { type QueueSettings, queueOf } from '../settings.js'
import { type Listener, sayListening } from '../workers.js'
import { type AttemptParts, type RunningJob, runJob, type Went } from './attempt.js'
import { openCache } from './cache.js'
import { createSlot, type Slot } from './slot.js'

export interface WorkerSettings {
  readonly queue: QueueSettings
  /** Jobs at a time. */
  readonly slots: number
  /** Memory that each job's process may take, in bytes. */
  readonly hostBytes: number
  /** Where jobs write while they run; absent: a folder of its own among temporary files. */
  readonly directory?: string
  /** Bytes of files that are kept for later jobs. */
  readonly cacheBytes: number
  /** Ends once the queue has been empty for so long; absent: never. */
  readonly idleMs?: number
}

export interface WorkerCallbacks {
  /** A line of progress, for people. */
  say(line: string): void
  warn(message: string): void
}

/** Works on jobs until it is stopped. Throws SeqlabError 'run' where Redis cannot be reached, or this machine cannot work. */
export async function runWorker(settings: WorkerSettings, callbacks: WorkerCallbacks, stop: StopSignal): Promise<void> {
  const address = { ...redisAddress(), graceMs: settings.queue.graceMs }
  const connection = await connect(address, { onWait: callbacks.warn, onRecovered: callbacks.say })
  if (settings.directory !== undefined) mkdirSync(settings.directory, { recursive: true })
  const folder = mkdtempSync(join(settings.directory ?? tmpdir(), 'seqlab-worker-'))
  try {
    const name = queueOf(settings.queue.queue, versions())
    const queue = await openWorkQueue(connection, name, settings.queue)
    try {
      await new Agent(settings, callbacks, stop, connection, queue, name, folder).work()
    } finally {
      await queue.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await connection.close()
  }
}

class Agent {
  private readonly id = randomUUID()
  private readonly free: Slot[] = []
  private readonly slots: Slot[] = []
  private readonly running = new Map<string, RunningJob>()
  private readonly working = new Set<Promise<void>>()
  private taken = 0
  private unfit: string | undefined
  private idleSince = performance.now()
  private saidAt = Number.NEGATIVE_INFINITY
  private readonly parts: Omit<AttemptParts, 'directory'>

  constructor(
    private readonly settings: WorkerSettings,
    private readonly callbacks: WorkerCallbacks,
    private readonly stop: StopSignal,
    private readonly connection: Connection,
    private readonly queue: WorkQueue,
    private readonly queueName: string,
    private readonly folder: string,
  ) {
    const { queue: queueSettings, hostBytes, cacheBytes } = settings
    const cache = openCache(join(cacheDirectory() ?? folder, 'files'), cacheBytes)
    const blobs = openBlobs(connection, queue.keys, queueSettings)
    this.parts = { connection, keys: queue.keys, blobs, cache, settings: queueSettings, hostBytes }
  }

  async work(): Promise<void> {
    const { slots, queue } = this.settings
    const warnOnce = once(this.callbacks.warn)
    this.slots.push(...Array.from({ length: slots }, () => createSlot(warnOnce)))
    this.free.push(...this.slots)
    const unsubscribe = this.stop.onChange((stage) => this.asked(stage))
    const beat = setInterval(() => void this.say(), sayEveryMs)
    this.callbacks.say(
      `listening to ${queue.queue} at ${this.connection.server} as ${hostname()}, ${count(slots, 'job')} at a time`,
    )
    try {
      await this.say()
      await this.takeJobs()
      await Promise.all(this.working)
    } finally {
      unsubscribe()
      clearInterval(beat)
      for (const job of this.running.values()) job.kill()
      await Promise.all(this.slots.map((slot) => slot.close()))
      await this.say(0).catch(() => {})
    }
    if (this.unfit !== undefined)
      throw new SeqlabError('run', `This machine cannot work on jobs: ${this.unfit}`, {
        hint: 'Its jobs were given back, and go on elsewhere. Start the worker again once that is fixed.',
      })
  }

  private asked(stage: StopSignal['stage']): void {
    for (const job of this.running.values()) {
      if (stage === 'kill') job.kill()
      else job.giveBack()
    }
  }

  private async takeJobs(): Promise<void> {
    while (this.stop.stage === 'none' && this.unfit === undefined) {
      const slot = this.free.pop()
      if (slot === undefined) {
        await Promise.race(this.working)
        continue
      }
      const taken = await this.queue.next(`${this.id}-${this.taken++}`).catch((error: unknown) => {
        this.free.push(slot)
        throw error
      })
      if (taken === undefined) {
        this.free.push(slot)
        if (this.isIdleTooLong()) return this.callbacks.say('no job for long enough')
        // The queue waits by itself; where it does not, this does.
        await sleep(pauseMs)
      } else this.start(taken, slot)
    }
  }

  private isIdleTooLong(): boolean {
    if (this.running.size > 0) this.idleSince = performance.now()
    return performance.now() - this.idleSince > (this.settings.idleMs ?? Number.POSITIVE_INFINITY)
  }

  private start(taken: Taken, slot: Slot): void {
    const began = performance.now()
    const directory = mkdtempSync(join(this.folder, 'job-'))
    const name = nameOf(taken)
    this.callbacks.say(`${name} started`)
    const job = runJob(taken, slot, { ...this.parts, directory }, (event) => {
      if (event.kind === 'warning' || event.kind === 'notice') this.callbacks.warn(`${name}: ${event.message}`)
    })
    this.running.set(taken.id, job)
    // It was asked to stop while the job was taken.
    if (this.stop.stage !== 'none') this.asked(this.stop.stage)
    const done = job.went
      .then((went) => this.ended(name, went, performance.now() - began))
      .catch((error: unknown) => this.callbacks.warn(`${name}: ${toPlainError(error).message}`))
      .finally(() => {
        this.running.delete(taken.id)
        this.working.delete(done)
        this.idleSince = performance.now()
        this.free.push(slot)
      })
    this.working.add(done)
  }

  private ended(name: string, went: Went, ms: number): void {
    const seconds = `(${(ms / 1000).toFixed(1)} s)`
    if (went.kind === 'done') this.callbacks.say(`${name} ${went.text} ${seconds}`)
    else if (went.kind === 'cancelled') this.callbacks.say(`${name} cancelled ${seconds}`)
    else if (went.kind === 'lost') this.callbacks.say(`${name} was taken away ${seconds}`)
    else {
      this.unfit ??= went.message
      for (const job of this.running.values()) job.giveBack()
    }
  }

  /** Says that this worker listens, for a while; 0: no longer. */
  private async say(forMs = listeningMs): Promise<void> {
    const { queue, slots } = this.settings
    const now = performance.now()
    if (forMs > 0 && now - this.saidAt < sayEveryMs / 2) return
    this.saidAt = now
    const listener: Listener = {
      ...{ id: this.id, host: hostname(), pid: process.pid, slots },
      ...{ queue: this.queueName, versions: { ...versions() } },
    }
    await sayListening(this.connection, queue.queue, listener, forMs).catch(() => {})
  }
}

const sayEveryMs = 10_000
const listeningMs = 35_000
const pauseMs = 50

/** The trial and the attempt, as they stand in the job's name. */
function nameOf({ id }: Taken): string {
  const [, trial = id, attempt = '?'] = id.split('-')
  return `trial ${trial} attempt ${attempt}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function once(report: (message: string) => void): (message: string) => void {
  const told = new Set<string>()
  return (message) => {
    if (told.has(message)) return
    told.add(message)
    report(message)
  }
}
