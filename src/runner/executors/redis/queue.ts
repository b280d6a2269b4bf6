// A queue of BullMQ as this executor uses it. BullMQ keeps the order of jobs and the locks of who works on them; a job is
// started at most once: one whose lock ran out is put back by BullMQ, but marked, and is never run again.
import type { Job, Queue, QueueEvents, Worker } from 'bullmq'
import type { Connection } from './connection.js'
import { bullPrefix, type Keys, keysOf } from './keys.js'
import type { QueueSettings } from './settings.js'
import type { WireEnd, WireJob, WireProgress } from './wire.js'

/** What is known of a job without its data. */
export type JobState =
  /** Redis does not have it. */
  | 'gone'
  | 'waiting'
  /** A worker has its lock, or had it a moment ago. */
  | 'started'
  /** Its worker's lock ran out: it will not be run again. */
  | 'lost'
  | 'ended'

/** What a job says while it is in the queue. */
export interface QueueListener {
  onProgress(jobId: string, progress: unknown): void
  /** Something about it changed: its state is to be asked for. */
  onChange(jobId: string): void
}

/** The queue as who gives jobs sees it. */
export interface JobQueue {
  readonly keys: Keys
  add(jobId: string, job: WireJob): Promise<void>
  states(jobIds: readonly string[]): Promise<readonly JobState[]>
  /** How an ended job ended: what its worker said, which is to be checked, or why it failed. */
  ending(jobId: string): Promise<{ readonly returned: unknown } | { readonly failed: string } | undefined>
  /** What was put in; undefined where it is gone or is no JSON. */
  data(jobId: string): Promise<unknown>
  /** Takes it out, whatever its state; false while a worker has its lock. */
  remove(jobId: string): Promise<boolean>
  close(): Promise<void>
}

/** The queue as who works on its jobs sees it. */
export interface WorkQueue {
  readonly keys: Keys
  /** The next job, after a few seconds of waiting at most. */
  next(token: string): Promise<Taken | undefined>
  close(): Promise<void>
}

/** A job that this process has the lock of. */
export interface Taken {
  readonly id: string
  readonly token: string
  /** As it was found: to be checked. */
  readonly data: unknown
  /** Its lock ran out under another worker: it is only to be ended. */
  readonly isLost: boolean
  /** Whether the lock is still this process's, for another lease. */
  renew(): Promise<boolean>
  report(progress: WireProgress): Promise<void>
  /** False where the lock was lost meanwhile: the end counts for nothing. */
  end(how: WireEnd): Promise<boolean>
  fail(why: string): Promise<boolean>
}

export async function openJobQueue(
  connection: Connection,
  name: string,
  settings: QueueSettings,
  listener: QueueListener,
): Promise<JobQueue> {
  const { redis, attempt, libraries } = connection
  const common = { connection: redis, prefix: bullPrefix }
  const keys = keysOf(name)
  const queue: Queue = new libraries.bullmq.Queue(name, common)
  const events: QueueEvents = new libraries.bullmq.QueueEvents(name, common)
  const { leaseMs, keepMs } = settings
  // It takes no jobs: it finds those whose workers are lost, also where no worker is left.
  const stalled: Worker = new libraries.bullmq.Worker(name, null, {
    ...{ ...common, autorun: false, lockDuration: leaseMs, stalledInterval: leaseMs / 2, maxStalledCount: 0 },
  })
  // Errors are reported where something waits for an answer; without listeners BullMQ prints them.
  queue.on('error', () => {})
  events.on('error', () => {})
  stalled.on('error', () => {})
  await attempt(() => Promise.all([queue.waitUntilReady(), events.waitUntilReady(), stalled.waitUntilReady()]))
  await stalled.startStalledCheckTimer()
  events.on('progress', ({ jobId, data }) => listener.onProgress(jobId, data))
  const changed = ({ jobId }: { readonly jobId: string }) => listener.onChange(jobId)
  events.on('completed', changed)
  events.on('failed', changed)
  events.on('stalled', changed)
  const keep = { age: Math.ceil(keepMs / 1000) }
  const keyOf = (jobId: string) => `${bullPrefix}:${name}:${jobId}`
  const find = (jobId: string): Promise<Job | undefined> => attempt(() => libraries.bullmq.Job.fromId(queue, jobId))
  return {
    keys,
    add: async (jobId, job) => {
      // A retry goes before what has not begun.
      const options = {
        jobId,
        attempts: 1,
        lifo: job.kind === 'train' && job.attempt > 1,
        removeOnComplete: keep,
        removeOnFail: keep,
      }
      await attempt(() => queue.add(job.kind, job, options))
    },
    states: async (jobIds) => {
      const answers = await attempt(() => {
        const pipeline = redis.pipeline()
        for (const jobId of jobIds) pipeline.hmget(keyOf(jobId), 'data', 'finishedOn', 'stc', 'processedOn')
        return pipeline.exec()
      })
      return jobIds.map((_, at) => stateOf(answers?.[at]?.[1]))
    },
    ending: async (jobId) => {
      const job = await find(jobId)
      if (job?.finishedOn === undefined) return undefined
      return job.failedReason ? { failed: job.failedReason } : { returned: job.returnvalue }
    },
    data: async (jobId) => {
      try {
        return (await find(jobId))?.data
      } catch (error) {
        if (error instanceof SyntaxError) return undefined
        throw error
      }
    },
    remove: (jobId) => attempt(async () => (await queue.remove(jobId)) === 1),
    close: async () => {
      for (const part of [stalled, events, queue]) await part.close().catch(() => {})
    },
  }
}

function stateOf(fields: unknown): JobState {
  const [data, finished, stalledTimes, started] = Array.isArray(fields) ? fields : []
  if (typeof data !== 'string') return 'gone'
  if (typeof finished === 'string') return 'ended'
  if (Number(stalledTimes ?? 0) > 0) return 'lost'
  return typeof started === 'string' ? 'started' : 'waiting'
}

export async function openWorkQueue(
  connection: Connection,
  name: string,
  { leaseMs }: QueueSettings,
): Promise<WorkQueue> {
  const { redis, attempt, libraries } = connection
  const options = { connection: redis, prefix: bullPrefix, autorun: false, drainDelay: waitSeconds }
  const worker: Worker = new libraries.bullmq.Worker(name, null, {
    ...{ ...options, lockDuration: leaseMs, skipStalledCheck: true, maxStalledCount: 0 },
  })
  worker.on('error', () => {})
  await attempt(() => worker.waitUntilReady())
  return {
    keys: keysOf(name),
    next: async (token) => {
      const job = await attempt(() => worker.getNextJob(token))
      return job?.id === undefined ? undefined : taken(job, job.id, token, leaseMs, connection)
    },
    close: () => worker.close(true).catch(() => {}),
  }
}

/** How long a worker waits for a job in one call: a stop is noticed after that at the latest. */
const waitSeconds = 2

function taken(job: Job, id: string, token: string, leaseMs: number, { attempt }: Connection): Taken {
  return {
    ...{ id, token, data: job.data, isLost: job.deferredFailure !== undefined || job.stalledCounter > 0 },
    renew: async () => (await attempt(() => job.extendLock(token, leaseMs))) === 1,
    report: (progress) => attempt(() => job.updateProgress({ ...progress })),
    end: (how) => whileLocked(() => attempt(() => job.moveToCompleted(how, token, false))),
    fail: (why) => whileLocked(() => attempt(() => job.moveToFailed(new Error(why), token, false))),
  }
}

async function whileLocked(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof Error && /Missing (?:lock|key)|not in the active state|not owned/i.test(error.message))
      return false
    throw error
  }
}
