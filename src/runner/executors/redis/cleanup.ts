// Jobs that have ended leave Redis with all that they hold, once what they brought has been published.
import { setTimeout as sleep } from 'node:timers/promises'
import { inParallel } from '../../../core/parallel.js'
import type { Blobs } from './blobs.js'
import type { Connection } from './connection.js'
import { lanes } from './file-sets.js'
import type { JobQueue } from './queue.js'
import { inputHolder } from './submission.js'

export interface CleanupPorts {
  /** The study's name in the queue. */
  readonly study: string
  readonly connection: Connection
  readonly queue: JobQueue
  readonly blobs: Blobs
}

/** Jobs whose ends were reported. */
export class Cleanup {
  private readonly over = new Set<string>()
  private readonly reportedAt = new Map<string, number>()

  constructor(private readonly ports: CleanupPorts) {}

  add(jobId: string): void {
    this.over.add(jobId)
  }

  /** What was reported a moment ago is published by now: should this process have been killed meanwhile, it would still be there. */
  async clean(): Promise<void> {
    const now = performance.now()
    for (const jobId of this.over) if (!this.reportedAt.has(jobId)) this.reportedAt.set(jobId, now)
    const ripe = [...this.over].filter((jobId) => now - (this.reportedAt.get(jobId) ?? now) > publishedAfterMs)
    await inParallel(ripe, lanes, (jobId) => this.discard(jobId))
  }

  /** Everything; a job that was killed leaves once its worker has noticed, which is waited for. */
  async discardAll(waitMs: number): Promise<void> {
    const until = performance.now() + waitMs
    for (;;) {
      await inParallel([...this.over], lanes, (jobId) => this.discard(jobId))
      if (this.over.size === 0 || performance.now() > until) return
      await sleep(lookAgainMs)
    }
  }

  /** Takes a job and all that it holds out of Redis; later, where a worker still has it. */
  async discard(jobId: string): Promise<void> {
    const { connection, queue, blobs, study } = this.ports
    const { redis, attempt } = connection
    if (!(await queue.remove(jobId))) return void this.over.add(jobId)
    await blobs.keepOnly(jobId, [])
    await blobs.keepOnly(inputHolder(jobId), [])
    await attempt(() => redis.del(queue.keys.checkpoint(jobId), queue.keys.stop(jobId)))
    await attempt(() => redis.srem(queue.keys.study(study), jobId))
    this.over.delete(jobId)
    this.reportedAt.delete(jobId)
  }
}

const publishedAfterMs = 2000
const lookAgainMs = 250
