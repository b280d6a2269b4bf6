// A host: a child process whose pool of threads trains trials. Its own thread only passes messages on and is never busy
// for long, so its heartbeat shows whether the process makes progress.
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { toPlainError } from '../../core/errors.js'
import { systemErrorCode } from '../../core/files.js'
import { builtRoot } from '../../core/package.js'
import {
  type AttemptOutcome,
  controlBytes,
  type FromHost,
  type HostSettings,
  progressSlot,
  stopSlot,
  type ToHost,
  type TrialJob,
  type WorkerMessage,
  type WorkerTask,
} from '../messages.js'
import { createDatasets, type Datasets } from './datasets.js'

interface Host {
  readonly settings: HostSettings
  readonly pool: Piscina<WorkerTask, AttemptOutcome>
  readonly datasets: Datasets
  readonly controls: Map<string, Int32Array>
}

function openHost(settings: HostSettings): Host {
  const pool = new Piscina<WorkerTask, AttemptOutcome>({
    filename: join(builtRoot, 'runner', 'hosts', 'worker.js'),
    minThreads: 1,
    maxThreads: settings.capacity,
    // Idle threads keep their event loops turning: compiled graphs and engines stay in memory there between trials.
    idleTimeout: Number.POSITIVE_INFINITY,
    atomics: 'disabled',
  })
  pool.on('error', (error) => send({ kind: 'warning', message: `An idle worker thread ended: ${error}` }))
  const host: Host = { settings, pool, datasets: createDatasets(), controls: new Map() }
  setInterval(() => beat(host), settings.heartbeatMs)
  beat(host)
  return host
}

function beat({ controls }: Host): void {
  const progress = [...controls].map(([trialId, control]) => [trialId, Atomics.load(control, progressSlot)])
  send({ kind: 'heartbeat', residentBytes: process.memoryUsage.rss(), progress: Object.fromEntries(progress) })
}

async function runTrialJob(host: Host, job: TrialJob): Promise<void> {
  const { trialId, attempt } = job
  const control = new SharedArrayBuffer(controlBytes)
  host.controls.set(trialId, new Int32Array(control))
  const { port1, port2 } = new MessageChannel()
  port1.on('message', (message: WorkerMessage) => {
    if (message.kind === 'dataset-wanted') host.datasets.wanted(job, port1)
    else if (message.kind === 'dataset-loaded') host.datasets.loaded(job, message.reply)
    else send({ kind: 'event', trialId, attempt, event: message })
  })
  try {
    const { engine, parts } = host.settings
    const task: WorkerTask = { job, engine, parts, control, port: port2 }
    const outcome = await host.pool.run(task, { transferList: [port2] })
    send({ kind: 'ended', trialId, attempt, outcome })
  } catch (error) {
    const outOfMemory = systemErrorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY'
    send({ kind: 'thread-lost', trialId, attempt, outOfMemory, message: toPlainError(error).message })
  } finally {
    host.datasets.gone(port1)
    port1.close()
    host.controls.delete(trialId)
  }
}

function stop({ controls }: Host, trialIds: readonly string[]): void {
  for (const trialId of trialIds) {
    const control = controls.get(trialId)
    if (control !== undefined) Atomics.store(control, stopSlot, 1)
  }
}

function send(message: FromHost): void {
  if (process.connected) process.send?.(message)
}

let host: Host | undefined
process.on('message', (message: ToHost) => {
  if (message.kind === 'open') host = openHost(message.settings)
  else if (message.kind === 'close') process.exit(0)
  else if (host === undefined) throw new Error(`A host received ${message.kind} before it was opened`)
  else if (message.kind === 'stop') stop(host, message.trialIds)
  else for (const job of message.job.trials) void runTrialJob(host, job)
})

// Without a coordinator nothing may continue. Not process.exit: that ends threads one by one, and ending a thread in the
// middle of a native run aborts the process with a message and a core file.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

// Ctrl-C goes to the whole group of processes in a terminal; what it means is the coordinator's business.
process.on('SIGINT', () => {})
// Slurm's goes to every process of a job: the agent has the threads save first.
process.on('SIGTERM', () => {})
process.on('SIGHUP', () => {})
