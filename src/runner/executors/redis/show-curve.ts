import { growCurve } from '../../../store/index.js'
import type { MetricsLine } from '../../../train/types.js'
import type { TrialJob, WorkerEvent } from '../../messages.js'

/** Puts what a worker tells of a trial's curve where `show` and `view` look for it; a disk that is full costs only that. */
export function showCurve(job: TrialJob, event: WorkerEvent): void {
  const line = job.kind === 'train' && event.kind === 'trial' ? lineOf(event.event) : undefined
  if (job.kind !== 'train' || line === undefined) return
  try {
    growCurve(job.directory, line, job.resumeFrom)
  } catch {
    // What is published is not this.
  }
}

type TrialEvent = Extract<WorkerEvent, { kind: 'trial' }>['event']

function lineOf(event: TrialEvent): MetricsLine | undefined {
  if (event.kind === 'validation' || event.kind === 'average') return event
  if (event.kind !== 'train') return undefined
  const { kind, step, epoch, loss, gradientNorm, learningRate } = event
  return { kind, step, epoch, loss, gradientNorm, learningRate }
}
