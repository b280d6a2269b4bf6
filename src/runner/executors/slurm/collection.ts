import { SeqlabError, toPlainError } from '../../../core/errors.js'
import { endElement, hasBegun } from '../../../store/index.js'
import type { AttemptFailure, TrialJob } from '../../messages.js'
import type { FleetCallbacks } from '../types.js'
import { type Awaited, type Element, nameOf } from './batch.js'
import type { ElementEnd } from './end.js'
import { endedBeforeItBegan, goneFailure, stoppedFailure } from './failures.js'
import { hasEnded, type QueuedJob } from './queue.js'
import { lastWords, readEnd, readEvents } from './results.js'

export interface CollectionParts {
  readonly graceMs: number
  /** Whether the study is still this coordinator's. */
  isOurs(): boolean
}

/** Takes what jobs have left, and says of each attempt exactly once how it ended. */
export class Collection {
  /** What ends now was asked to. */
  isStopping = false
  /** Whether anything was different at the last look. */
  isChanged = false
  /** Batches with jobs that were given up: Slurm may still have them. */
  readonly spoilt = new Set<string>()
  private readonly furthest = new Map<string, number>()

  constructor(
    private readonly parts: CollectionParts,
    private readonly callbacks: FleetCallbacks,
  ) {}

  passOn(element: Element, names: ReadonlySet<string>): void {
    if (!hasBegun(names, element.index)) return
    for (const line of readEvents(element)) {
      this.isChanged = true
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

  async takeEnds(element: Element, names: ReadonlySet<string>): Promise<void> {
    for (const [name, waiting] of [...element.awaited]) {
      if (!names.has(name)) continue
      const end = await readEnd(element, waiting.job)
      if (typeof end !== 'string') this.take(element, name, waiting, end)
      else this.waitForFiles(element, name, waiting, end)
    }
  }

  private waitForFiles(element: Element, name: string, waiting: Awaited, why: string): void {
    waiting.endSeenMs ??= performance.now()
    if (performance.now() - waiting.endSeenMs < this.parts.graceMs) return
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
  judge(element: Element, jobs: readonly QueuedJob[], names: ReadonlySet<string>): void {
    if (element.awaited.size === 0) return
    const state = jobs.find((job) => !hasEnded(job))?.state ?? jobs.at(-1)?.state
    if (state !== element.state) this.isChanged = true
    if (state !== undefined) element.state = state
    if (jobs.some((job) => !hasEnded(job))) {
      delete element.goneMs
      return
    }
    element.goneMs ??= performance.now()
    if (performance.now() - element.goneMs < this.parts.graceMs) return
    const words = lastWords(element)
    const failedBefore = element.state === 'FAILED' && !hasBegun(names, element.index)
    if (failedBefore && words !== '') this.endBeforeItBegan(element, words)
    else if (failedBefore) this.giveUp(element, endedBeforeItBegan)
    else this.giveUp(element, goneFailure(element.state ?? '', words, element.awaited.size))
  }

  /** What the profile sets up failed, or Node is not there: no trial is the cause, and the next job would fail as well. */
  private endBeforeItBegan(element: Element, words: string): void {
    const message = `A job ended before it began: ${words}`
    const error = toPlainError(new SeqlabError('run', message, { hint: 'Check `setup` in the profile.' }))
    this.endAllOf(element, (job) => this.callbacks.onEnd(job, { kind: 'obstructed', error }))
  }

  giveUp(element: Element, failure: AttemptFailure): void {
    if (element.awaited.size === 0) return
    this.spoilt.add(nameOf(element.batch))
    if (this.parts.isOurs()) endElement(element.batch.stored.directory, element.index)
    this.endAllOf(element, (job) => this.callbacks.onFailure(job, failure))
  }

  endAllOf(element: Element, report: (job: TrialJob) => void): void {
    for (const [name, { job }] of [...element.awaited]) this.end(element, name, () => report(job))
  }

  /** Exactly once for each attempt. */
  private end(element: Element, name: string, report: () => void): void {
    if (!element.awaited.delete(name)) return
    this.isChanged = true
    report()
  }
}
