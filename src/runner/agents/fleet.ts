import type { Fleet, FleetCallbacks, FleetSettings } from '../executors/types.js'
import type { AttemptFailure, EngineChoice, FailureKind, FromHost, TrialJob } from '../messages.js'
import type { HostHandle, StartHost } from './hosts.js'

/** A fleet of hosts of this machine. */
export interface HostFleetSettings extends Pick<FleetSettings, 'workers' | 'isolation' | 'parts' | 'limits'> {
  readonly engine: EngineChoice
  readonly startHost: StartHost
}

/** What is asked of hosts here; they end with this process, so that there is nothing to adopt or to hand over. */
export type HostFleet = Omit<Fleet, 'adopt' | 'detach'>

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
  /** Time of its last message; a starting host has `startMs` until its first one. */
  beatAt: number
  started: boolean
  /** Why it is being terminated; what it sends from then on counts for nothing. */
  terminated: string | undefined
}

/** Gives jobs to hosts, watches these, and reports the end of each job. */
export function createFleet(settings: HostFleetSettings, callbacks: FleetCallbacks): HostFleet {
  const { limits } = settings
  const hosts = new Set<Host>()
  let stopAt = Number.POSITIVE_INFINITY
  let closed: (() => void) | undefined
  let tickedAt = performance.now()
  const timer = setInterval(() => tick(), Math.min(tickMs, limits.leaseMs / 4))

  const start = (capacity: number, alone: boolean): Host => {
    const { engine, parts } = settings
    const hostSettings = { capacity, engine, parts, heartbeatMs: Math.min(heartbeatMs, limits.leaseMs / 4) }
    const host: Host = {
      handle: settings.startHost(hostSettings, {
        message: (message) => receive(host, message),
        exit: (reason) => exited(host, reason),
      }),
      capacity,
      alone,
      running: new Map(),
      beatAt: performance.now(),
      started: false,
      terminated: undefined,
    }
    hosts.add(host)
    return host
  }

  const receive = (host: Host, message: FromHost): void => {
    if (host.terminated !== undefined) return
    host.beatAt = performance.now()
    host.started = true
    if (message.kind === 'heartbeat') watch(host, message.residentBytes, message.progress)
    else if (message.kind === 'warning') callbacks.onWarning(`${host.handle.name}: ${message.message}`)
    else receiveOf(host, message)
  }

  const receiveOf = (host: Host, message: Extract<FromHost, { trialId: string }>): void => {
    const running = host.running.get(message.trialId)
    if (running === undefined || running.job.attempt !== message.attempt) return
    if (message.kind === 'event') callbacks.onEvent(running.job, message.event)
    else {
      host.running.delete(message.trialId)
      if (message.kind === 'ended') callbacks.onEnd(running.job, message.outcome)
      else callbacks.onFailure(running.job, threadFailure(message))
      closeWhenDone(host)
    }
  }

  const closeWhenDone = (host: Host): void => {
    if (host.running.size === 0 && (host.alone || closed !== undefined)) host.handle.send({ kind: 'close' })
  }

  const exited = (host: Host, reason: string): void => {
    hosts.delete(host)
    failAll(host, 'host-exited', host.terminated ?? `its host (${host.handle.name}) ended: ${reason}`)
    if (hosts.size === 0) closed?.()
  }

  const failAll = (host: Host, kind: FailureKind, message: string): void => {
    const jobs = [...host.running.values()].map(({ job }) => job)
    host.running.clear()
    for (const job of jobs) callbacks.onFailure(job, { kind, message, shared: jobs.length > 1 })
  }

  /** Kills a host. Where it is known which trial is the cause, that one's failure is not shared. */
  const terminate = (host: Host, kind: FailureKind, message: string, culprit?: Running): void => {
    host.terminated = message
    host.handle.kill()
    if (culprit !== undefined) {
      host.running.delete(culprit.job.trialId)
      callbacks.onFailure(culprit.job, { kind, message, shared: false })
    }
    failAll(host, culprit === undefined ? kind : 'host-exited', message)
  }

  const watch = (host: Host, residentBytes: number, progress: Readonly<Record<string, number>>): void => {
    const now = performance.now()
    for (const [trialId, count] of Object.entries(progress)) {
      const running = host.running.get(trialId)
      if (running !== undefined && running.progress !== count)
        Object.assign(running, { progress: count, progressAt: now })
    }
    if (residentBytes > limits.hostBytes) {
      terminate(host, 'over-memory', `its host took ${mebibytes(residentBytes)} MiB of ${mebibytes(limits.hostBytes)}`)
    }
  }

  const tick = (): void => {
    const now = performance.now()
    // This process itself was stopped for a while: its hosts' heartbeats are unread, so their leases start again.
    if (now - tickedAt > limits.leaseMs / 2) for (const host of hosts) renew(host, now)
    tickedAt = now
    for (const host of [...hosts]) {
      if (host.terminated === undefined) check(host, now)
    }
  }

  const check = (host: Host, now: number): void => {
    const silentMs = host.started ? limits.leaseMs : Math.max(startMs, limits.leaseMs)
    if (now - host.beatAt > silentMs) {
      terminate(host, 'lease-lost', `its host (${host.handle.name}) was silent for ${seconds(silentMs)} s`)
    } else if (now > stopAt) {
      terminate(host, 'host-exited', `its host did not stop within ${seconds(limits.stopMs)} s`)
    } else checkTrials(host, now)
  }

  const checkTrials = (host: Host, now: number): void => {
    const trials = [...host.running.values()]
    const late = trials.find(({ startedAt }) => now - startedAt > limits.trialMs)
    const stuck = trials.find(({ progressAt }) => now - progressAt > limits.noProgressMs)
    if (late !== undefined) terminate(host, 'over-time', `it ran longer than ${seconds(limits.trialMs)} s`, late)
    else if (stuck !== undefined) {
      terminate(host, 'no-progress', `it made no progress for ${seconds(limits.noProgressMs)} s`, stuck)
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
      for (const host of [...hosts])
        if (host.terminated === undefined) terminate(host, 'host-exited', 'its host was killed')
    },
    close: async () => {
      if (hosts.size > 0) {
        await new Promise<void>((resolve) => {
          closed = resolve
          for (const host of hosts) {
            if (host.terminated === undefined) closeWhenDone(host)
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
    ({ alone, terminated, running, capacity }) => !alone && terminated === undefined && running.size < capacity,
  )
}

function capacityOf({ isolation, workers }: HostFleetSettings): number {
  return isolation === 'process' ? 1 : workers
}

function renew(host: Host, now: number): void {
  host.beatAt = now
  for (const running of host.running.values()) running.progressAt = now
}

function threadFailure({ outOfMemory, message }: Extract<FromHost, { kind: 'thread-lost' }>): AttemptFailure {
  const kind = outOfMemory ? 'out-of-memory' : 'thread-exited'
  return { kind, message: `its thread ended: ${message}`, shared: false }
}

const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20)
const seconds = (ms: number) => Math.round(ms / 100) / 10
