import type { Executor, HostHandle } from './executors/types.js'
import type { Limits, Loss, LossKind } from './limits.js'
import type { AttemptOutcome, EngineChoice, FromHost, TrialJob, WorkerEvent } from './messages.js'

export interface FleetSettings {
  readonly executor: Executor
  /** Trials at a time, over all hosts. */
  readonly workers: number
  readonly isolation: 'thread' | 'process'
  readonly engine: EngineChoice
  readonly limits: Limits
}

/** What a fleet tells of the jobs it was given: any number of events, then exactly one of `ended` and `lost`. */
export interface FleetCallbacks {
  event(job: TrialJob, event: WorkerEvent): void
  ended(job: TrialJob, outcome: AttemptOutcome): void
  lost(job: TrialJob, loss: Loss): void
  warning(message: string): void
}

interface Running {
  readonly job: TrialJob
  readonly startedAt: number
  progress: number
  progressAt: number
}

interface Host {
  readonly handle: HostHandle
  readonly capacity: number
  /** For one trial only; closed after it. */
  readonly alone: boolean
  readonly running: Map<string, Running>
  /** When it last said anything; a host that is still starting has `startMs` until its first word. */
  beatAt: number
  started: boolean
  /** Why it is being killed; what it says from then on counts for nothing. */
  doomed: string | undefined
}

/** The hosts of a run: gives jobs to them, watches them, and says what became of each job. */
export interface Fleet {
  /** How many more trials may run now. */
  room(): number
  assign(job: TrialJob, alone: boolean): void
  /** Every running trial saves and stops; hosts that do not within the limit are killed. */
  stop(): void
  /** Kills every host. Their jobs are lost. */
  kill(): void
  /** Resolves when no host is left. Hosts without a trial are closed. */
  close(): Promise<void>
}

export function createFleet(settings: FleetSettings, callbacks: FleetCallbacks): Fleet {
  const { limits } = settings
  const hosts = new Set<Host>()
  let stopAt = Number.POSITIVE_INFINITY
  let closed: (() => void) | undefined
  let tickedAt = performance.now()
  const timer = setInterval(() => tick(), Math.min(tickMs, limits.leaseMs / 4))

  const start = (capacity: number, alone: boolean): Host => {
    const hostSettings = { capacity, engine: settings.engine, heartbeatMs: Math.min(heartbeatMs, limits.leaseMs / 4) }
    const host: Host = {
      handle: settings.executor.start(hostSettings, {
        message: (message) => receive(host, message),
        exit: (reason) => exited(host, reason),
      }),
      capacity,
      alone,
      running: new Map(),
      beatAt: performance.now(),
      started: false,
      doomed: undefined,
    }
    hosts.add(host)
    return host
  }

  const receive = (host: Host, message: FromHost): void => {
    if (host.doomed !== undefined) return
    host.beatAt = performance.now()
    host.started = true
    if (message.kind === 'heartbeat') watch(host, message.residentBytes, message.progress)
    else if (message.kind === 'warning') callbacks.warning(`${host.handle.name}: ${message.message}`)
    else receiveOf(host, message)
  }

  const receiveOf = (host: Host, message: Extract<FromHost, { trialId: string }>): void => {
    const running = host.running.get(message.trialId)
    if (running === undefined || running.job.attempt !== message.attempt) return
    if (message.kind === 'event') callbacks.event(running.job, message.event)
    else {
      host.running.delete(message.trialId)
      if (message.kind === 'ended') callbacks.ended(running.job, message.outcome)
      else callbacks.lost(running.job, threadLoss(message))
      closeWhenDone(host)
    }
  }

  const closeWhenDone = (host: Host): void => {
    if (host.running.size === 0 && (host.alone || closed !== undefined)) host.handle.send({ kind: 'close' })
  }

  const exited = (host: Host, reason: string): void => {
    hosts.delete(host)
    loseAll(host, 'host-exited', host.doomed ?? `its host (${host.handle.name}) ended: ${reason}`)
    if (hosts.size === 0) closed?.()
  }

  const loseAll = (host: Host, kind: LossKind, message: string): void => {
    const jobs = [...host.running.values()].map(({ job }) => job)
    host.running.clear()
    for (const job of jobs) callbacks.lost(job, { kind, message, shared: jobs.length > 1 })
  }

  /** Ends a host whose fault is known, or not. The trial that is to blame is told apart from its neighbours. */
  const doom = (host: Host, kind: LossKind, message: string, culprit?: Running): void => {
    host.doomed = message
    host.handle.kill()
    if (culprit !== undefined) {
      host.running.delete(culprit.job.trialId)
      callbacks.lost(culprit.job, { kind, message, shared: false })
    }
    loseAll(host, culprit === undefined ? kind : 'host-exited', message)
  }

  const watch = (host: Host, residentBytes: number, progress: Readonly<Record<string, number>>): void => {
    const now = performance.now()
    for (const [trialId, count] of Object.entries(progress)) {
      const running = host.running.get(trialId)
      if (running !== undefined && running.progress !== count)
        Object.assign(running, { progress: count, progressAt: now })
    }
    if (residentBytes > limits.hostBytes) {
      doom(host, 'over-memory', `its host took ${mebibytes(residentBytes)} MiB of ${mebibytes(limits.hostBytes)}`)
    }
  }

  const tick = (): void => {
    const now = performance.now()
    // This process itself was stopped for a while: its hosts' heartbeats lie unread, so their leases begin anew.
    if (now - tickedAt > limits.leaseMs / 2) for (const host of hosts) renew(host, now)
    tickedAt = now
    for (const host of [...hosts]) {
      if (host.doomed === undefined) check(host, now)
    }
  }

  const check = (host: Host, now: number): void => {
    const silentMs = host.started ? limits.leaseMs : Math.max(startMs, limits.leaseMs)
    if (now - host.beatAt > silentMs) {
      doom(host, 'lease-lost', `its host (${host.handle.name}) was silent for ${seconds(silentMs)} s`)
    } else if (now > stopAt) {
      doom(host, 'host-exited', `its host did not stop within ${seconds(limits.stopMs)} s`)
    } else checkTrials(host, now)
  }

  const checkTrials = (host: Host, now: number): void => {
    const trials = [...host.running.values()]
    const late = trials.find(({ startedAt }) => now - startedAt > limits.trialMs)
    const stuck = trials.find(({ progressAt }) => now - progressAt > limits.noProgressMs)
    if (late !== undefined) doom(host, 'over-time', `it ran longer than ${seconds(limits.trialMs)} s`, late)
    else if (stuck !== undefined) {
      doom(host, 'no-progress', `it made no progress for ${seconds(limits.noProgressMs)} s`, stuck)
    }
  }

  const room = () => settings.workers - [...hosts].reduce((busy, host) => busy + host.running.size, 0)

  return {
    room,
    assign: (job, alone) => {
      const host = (alone ? undefined : openHost(hosts)) ?? start(alone ? 1 : capacityOf(settings), alone)
      const now = performance.now()
      host.running.set(job.trialId, { job, startedAt: now, progress: -1, progressAt: now })
      host.handle.send({ kind: 'run', job: { trials: [job] } })
    },
    stop: () => {
      stopAt = Math.min(stopAt, performance.now() + limits.stopMs)
      for (const host of hosts) host.handle.send({ kind: 'stop', trialIds: [...host.running.keys()] })
    },
    kill: () => {
      for (const host of [...hosts]) if (host.doomed === undefined) doom(host, 'host-exited', 'its host was killed')
    },
    close: async () => {
      if (hosts.size > 0) {
        await new Promise<void>((resolve) => {
          closed = resolve
          for (const host of hosts) {
            if (host.doomed === undefined) closeWhenDone(host)
            else host.handle.kill()
          }
        })
      }
      clearInterval(timer)
    },
  }
}

const heartbeatMs = 500
/** A busy machine may take long to start a process. */
const startMs = 120_000
const tickMs = 250

/** A host with a free thread that anybody may use. */
function openHost(hosts: ReadonlySet<Host>): Host | undefined {
  return [...hosts].find(
    ({ alone, doomed, running, capacity }) => !alone && doomed === undefined && running.size < capacity,
  )
}

function capacityOf({ isolation, workers }: FleetSettings): number {
  return isolation === 'process' ? 1 : workers
}

function renew(host: Host, now: number): void {
  host.beatAt = now
  for (const running of host.running.values()) running.progressAt = now
}

function threadLoss({ outOfMemory, message }: Extract<FromHost, { kind: 'thread-lost' }>): Loss {
  const kind = outOfMemory ? 'out-of-memory' : 'thread-exited'
  return { kind, message: `its thread ended: ${message}`, shared: false }
}

const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20)
const seconds = (ms: number) => Math.round(ms / 100) / 10
