// Jobs on their way into the queue: a few at a time, each once Redis has everything that it reads.
import type { Cleanup, CleanupPorts } from './cleanup.js'
import { refusedOrObstructed } from './collection.js'
import type { Jobs, Tracked } from './jobs.js'
import type { Submission } from './submission.js'
import type { WireJob } from './wire.js'

export interface SenderPorts extends Pick<CleanupPorts, 'study' | 'connection' | 'queue'> {
  readonly submission: Submission
  readonly jobs: Jobs
  readonly cleanup: Cleanup
  /** Does something in the background; an error of it ends the run. */
  run(work: Promise<void>): void
  /** For a job that nobody wants any more once it is in the queue. */
  withdraw(jobId: string, how: 'save' | 'kill'): Promise<void>
}

export class Sender {
  private readonly waiting: string[] = []
  private sending = 0
  private isStopping = false

  constructor(private readonly ports: SenderPorts) {}

  /** Puts a job into the queue, when its turn comes. */
  give(jobId: string): void {
    this.waiting.push(jobId)
    this.sendMore()
  }

  isBusy(): boolean {
    return this.waiting.length > 0 || this.sending > 0
  }

  /** Sends no more, and takes back what is on its way; what was not begun. */
  stop(): readonly string[] {
    this.isStopping = true
    return this.waiting.splice(0)
  }

  private sendMore(): void {
    while (this.sending < sentAtOnce) {
      const jobId = this.waiting.shift()
      if (jobId === undefined) return
      this.sending++
      this.ports.run(
        this.send(jobId).finally(() => {
          this.sending--
          this.sendMore()
        }),
      )
    }
  }

  private async send(jobId: string): Promise<void> {
    const { connection, queue, study, jobs, cleanup, withdraw } = this.ports
    const tracked = jobs.get(jobId)
    const wire = tracked && (await this.prepared(jobId, tracked))
    if (tracked === undefined || wire === undefined) return
    if (!jobs.has(jobId)) return cleanup.add(jobId)
    // First the name, so that a job that is in the queue is always found again.
    await connection.attempt(() => connection.redis.sadd(queue.keys.study(study), jobId))
    await queue.add(jobId, wire)
    // Stopped while it was sent.
    if (!jobs.has(jobId)) return withdraw(jobId, 'kill')
    tracked.phase = 'queued'
    if (this.isStopping) await withdraw(jobId, 'save')
  }

  /** The job for workers; undefined where its own data refuse it, which is its end. */
  private async prepared(jobId: string, { job }: Tracked): Promise<WireJob | undefined> {
    try {
      return await this.ports.submission.wireJob(job)
    } catch (error) {
      const outcome = refusedOrObstructed(error)
      if (outcome.kind === 'obstructed') throw error
      this.ports.cleanup.add(jobId)
      this.ports.jobs.end(jobId, { kind: 'outcome', outcome })
      return undefined
    }
  }
}

/** Jobs whose files are sent side by side. */
const sentAtOnce = 6
