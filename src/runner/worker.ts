// A thread of a host's pool: one trial at a time, from its attempt's folder to its outcome.
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { toPlainError } from '../core/errors.js'
import { writeCheckpoint } from '../train/loop/checkpoint.js'
import { runTrial } from '../train/loop/trial.js'
import type { PredictionLine, TrainState, TrialEvent, TrialPorts } from '../train/types.js'
import { failpoint } from './failpoints.js'
import { digestFile, diskProblem, type FileDigest, jsonLine } from './files.js'
import { createKept } from './kept.js'
import {
  type AttemptOutcome,
  progressSlot,
  stopSlot,
  type TrialJob,
  type WorkerMessage,
  type WorkerTask,
} from './messages.js'
import { type MetricsLog, openMetricsLog, writeMark } from './metrics-log.js'
import { adoptCheckpoint, findResume } from './resume.js'

const kept = createKept()

export default async function runAttempt(task: WorkerTask): Promise<AttemptOutcome> {
  try {
    return await attempt(task)
  } catch (error) {
    const disk = diskProblem(error)
    await kept.forget()
    if (disk !== undefined) return { kind: 'obstructed', error: toPlainError(disk) }
    return { kind: 'refused', error: toPlainError(error) }
  } finally {
    task.port.close()
  }
}

async function attempt({ job, engine: choice, control, port }: WorkerTask): Promise<AttemptOutcome> {
  const say = (message: WorkerMessage) => port.postMessage(message)
  const dataset = await kept.dataset(job, port)
  const engine = await kept.engine(choice)
  const functions = await kept.functions(job.spec, dataset, engine)
  const resume = await findResume(job.resumeFrom)
  for (const problem of resume.problems) say({ kind: 'warning', message: problem })
  mkdirSync(join(job.directory, 'checkpoint'))
  const metrics = openMetricsLog(join(job.directory, 'metrics.jsonl'), resume.found?.metrics)
  try {
    if (resume.found !== undefined) await adoptCheckpoint(resume.found.directory, job.directory)
    const ports = trialPorts(job, new Int32Array(control), metrics, say)
    const result = await runTrial(job.spec, job.seed, dataset, engine, resume.found?.state, ports, functions)
    const { predictions, ...summary } = result
    say({ kind: 'trial', event: { kind: 'phase', phase: 'write' } })
    const files = { 'metrics.jsonl': metrics.sync(), ...(await writePredictions(job, predictions)) }
    const { name, version } = engine
    return { kind: 'ran', summary, data: dataset.counts, engine: { name, version }, files }
  } finally {
    metrics.close()
  }
}

function trialPorts(
  job: TrialJob,
  control: Int32Array,
  metrics: MetricsLog,
  say: (message: WorkerMessage) => void,
): TrialPorts {
  const show = throttled((event: TrialEvent) => say({ kind: 'trial', event }))
  const progressed = () => Atomics.add(control, progressSlot, 1)
  let step = 0
  return {
    stopRequested: () => {
      progressed()
      failpoint('step', { trial: job.trialId, attempt: job.attempt, step: step++ })
      return Atomics.load(control, stopSlot) === 1
    },
    emit: (event) => {
      progressed()
      show(event)
    },
    record: (line) => metrics.append(line),
    save: async (state) => {
      await save(job, metrics, state)
      progressed()
      say({ kind: 'saved', step: state.step })
    },
  }
}

/** The mark goes first: a checkpoint always finds how long metrics.jsonl was when it was made. */
async function save(job: TrialJob, metrics: MetricsLog, state: TrainState): Promise<void> {
  const directory = join(job.directory, 'checkpoint')
  const digest = metrics.sync()
  const forgetOthers = writeMark(directory, state.step, digest)
  failpoint('before-checkpoint', { trial: job.trialId, attempt: job.attempt, step: state.step })
  await writeCheckpoint(directory, state)
  failpoint('after-checkpoint', { trial: job.trialId, attempt: job.attempt, step: state.step })
  forgetOthers()
}

/** Training events a few times a second, all others at once. */
function throttled(show: (event: TrialEvent) => void): (event: TrialEvent) => void {
  let shownAt = Number.NEGATIVE_INFINITY
  return (event) => {
    if (event.kind === 'train') {
      const now = performance.now()
      if (now - shownAt < shownEveryMs && event.step < event.totalSteps) return
      shownAt = now
    }
    show(event)
  }
}

const shownEveryMs = 250

async function writePredictions(
  job: TrialJob,
  predictions: readonly PredictionLine[],
): Promise<Readonly<Record<string, FileDigest>>> {
  if (predictions.length === 0) return {}
  const path = join(job.directory, 'predictions.jsonl')
  const file = openSync(path, 'w')
  try {
    for (const line of predictions) writeSync(file, `${jsonLine(line)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return { 'predictions.jsonl': await digestFile(path) }
}
