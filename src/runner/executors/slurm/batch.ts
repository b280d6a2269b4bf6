// A batch as the coordinator that waits for it sees it: which attempts are still to end, and what is known of each of its jobs.
import { basename, join } from 'node:path'
import { SeqlabError } from '../../../core/errors.js'
import { elementPath, endName, openTail, readSealed, type StoredBatch } from '../../../store/index.js'
import type { TrialJob } from '../../messages.js'
import { type ElementTask, taskSchema } from './task.js'

/** An attempt that the coordinator waits for. */
export interface Awaited {
  readonly job: TrialJob
  /** When its end was first seen, while its files are not there yet. */
  endSeenMs?: number
}

/** One job of a batch's array. */
export interface Element {
  readonly batch: Batch
  readonly index: number
  /** By the name of the file that says its end. */
  readonly awaited: Map<string, Awaited>
  readonly events: ReturnType<typeof openTail>
  /** Since when Slurm says that it has ended, or does not know it. */
  goneMs?: number
  /** What Slurm last said of it. */
  state?: string
}

export interface Batch {
  readonly stored: StoredBatch
  readonly elements: readonly Element[]
  /** `unknown`: an earlier coordinator, or this one, did not hear whether Slurm took it; since when. */
  submission:
    | { readonly kind: 'taken' }
    | { readonly kind: 'unknown'; readonly sinceMs: number }
    | { readonly kind: 'put-off' }
}

export function batchOf(stored: StoredBatch, submission: Batch['submission']): Batch {
  const elements: Element[] = []
  const batch: Batch = { stored, elements, submission }
  for (const index of stored.file.elements.keys())
    elements.push({ batch, index, awaited: new Map(), events: openTail() })
  return batch
}

/** Waits for an attempt of a job from now on. */
export function awaitJob(element: Element, job: TrialJob): void {
  element.awaited.set(endName(element.index, job), { job })
}

export function isAwaited({ elements }: Batch): boolean {
  return elements.some(({ awaited }) => awaited.size > 0)
}

export function nameOf({ stored }: Batch): string {
  return basename(stored.directory)
}

/** What a job of an array was told. Throws SeqlabError 'run' where its file is missing or damaged. */
export function readTask({ stored }: Batch, index: number): ElementTask {
  const path = elementPath(stored.directory, index, 'task')
  const task = readSealed(taskSchema, path)
  if (task === undefined) throw new SeqlabError('run', `${path} is missing`)
  return task
}

export function endPath({ batch, index }: Element, job: TrialJob): string {
  return join(batch.stored.directory, endName(index, job))
}
