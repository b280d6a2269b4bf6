// One study over a Redis and workers of its own, which something is done to; and what must hold afterwards, whatever that was.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { packageRoot } from '../../../src/core/package.js'
import type { Plan } from '../../../src/spec/types.js'
import { identityOf, type ProcessIdentity } from '../../../src/store/study/processes.js'
import { childrenOf, compare, duplicates, orphans, results } from '../../faults/harness.js'
import { type RedisServer, startRedis } from '../redis.js'
import {
  type CoordinatorStart,
  quickQueue,
  type Reported,
  type Running,
  startCoordinator,
  startWorker,
  type WorkerStart,
} from './harness.js'

/** Exit codes of coordinators. */
export const completed = 0
export const detached = 4
export const errorOfRun = 3
export const interrupted = 130

export interface World {
  readonly plan: Plan
  readonly outDir: string
  readonly server: RedisServer
  /** From 0 to 1, by the seed. */
  random(): number
  /** A moment within so many milliseconds, by the seed. */
  moment(withinMs: number): Promise<void>
  worker(more?: Partial<WorkerStart>): Running
  coordinator(more?: Partial<CoordinatorStart>): Running
  /** Runs the study to its end, however often that is interrupted. */
  finish(): Promise<void>
  /** What `seqlab cancel` prints. */
  cancel(): string
  /** Processes that a worker has started. */
  hosts(worker: Running): readonly ProcessIdentity[]
  /** A file whose contents are an offset for faketime, and how to start a process under it. */
  clock(): { readonly environment: Readonly<Record<string, string>>; step(offset: string): void }
  /** A file that a process requires to be of another version. */
  otherVersion(): string
  /** Says what went wrong. */
  problem(text: string): void
}

/** Everything that a process said, in short. */
export function said({ reported }: Running): string {
  const brief = ({ kind, message, trialId, error }: Reported) =>
    [kind, trialId, message, JSON.stringify(error, ['code', 'message'])].filter(Boolean).join(' ')
  return reported
    .filter(({ kind }) => kind !== 'trial-progress' && kind !== 'started')
    .map(brief)
    .join('; ')
}

/** Does something to a study, lets it finish, and says everything that is not as if nothing had been done. */
export async function disturbed(
  what: string,
  plan: Plan,
  reference: string,
  seed: number,
  disturb: (world: World) => Promise<void>,
): Promise<readonly string[]> {
  const problems: string[] = []
  const processes: Running[] = []
  const workers: Running[] = []
  const seen = new Map<string, ProcessIdentity>()
  const outDir = mkdtempSync(join(tmpdir(), 'seqlab-world-'))
  const server = await startRedis()
  const { url } = server
  const see = (running: Running) => {
    for (const identity of [identityOf(running.pid), ...childrenOf(running.pid)])
      seen.set(JSON.stringify(identity), identity)
  }
  const watching = setInterval(() => {
    for (const running of processes) see(running)
  }, 200)
  let state = seed
  const random = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const started = (running: Running, list: Running[]) => {
    processes.push(running)
    list.push(running)
    return running
  }
  const coordinators: Running[] = []
  const world: World = {
    ...{ plan, outDir, server, random },
    moment: (withinMs) => sleep(random() * withinMs),
    worker: (more = {}) => started(startWorker({ url, ...more }), workers),
    coordinator: (more = {}) => started(startCoordinator({ url, plan, outDir, ...more }), coordinators),
    finish: async () => {
      for (let left = 5; left > 0; left--) {
        // Also of one that is not the last: it may have the study, and refuse it to others.
        const codes = await Promise.all(coordinators.map(({ ended }) => ended))
        if (codes.includes(completed)) return
        const last = coordinators.at(-1)
        if (left === 1) problems.push(`the study did not end: ${codes.at(-1)}, ${last && said(last)}`)
        else world.coordinator()
      }
    },
    cancel: () => {
      const main = join(packageRoot, 'dist', 'cli', 'main.js')
      const env = { ...process.env, SEQLAB_REDIS_URL: url }
      const ran = spawnSync(process.execPath, [main, 'cancel', join(outDir, plan.study)], { env, encoding: 'utf8' })
      return `${ran.stdout}${ran.stderr}`
    },
    hosts: (worker) => childrenOf(worker.pid),
    clock: () => {
      const file = join(outDir, `clock-${seen.size}`)
      const step = (offset: string) => writeFileSync(file, `${offset}\n`)
      step('+0')
      const environment = { FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' }
      return { environment: { ...environment, LD_PRELOAD: faketimeLibrary() }, step }
    },
    otherVersion: () => {
      const file = join(outDir, 'old.cjs')
      writeFileSync(file, "Object.defineProperty(process.versions, 'node', { value: '20.0.1' })\n")
      return file
    },
    problem: (text) => void problems.push(text),
  }
  try {
    await disturb(world)
    await world.finish()
    const directory = join(outDir, plan.study)
    problems.push(...compare('', plan, directory, reference), ...(await results(directory)).problems)
    // What was cancelled is published as that, and once more when it was completed.
    const cancelled = coordinators.flatMap(({ reported }) => reported).filter(({ status }) => status === 'cancelled')
    const twice = duplicates(directory) - cancelled.length
    if (twice > 0) problems.push(`${twice} trials were published twice`)
    for (const worker of workers) worker.signal('SIGINT')
    await Promise.all(workers.map(({ ended }) => ended))
    problems.push(...leftIn(server))
  } catch (error) {
    problems.push(`${error}`)
  } finally {
    clearInterval(watching)
    for (const running of processes) running.signal('SIGCONT')
    for (const running of processes) running.signal('SIGKILL')
    const left = await orphans([...seen.values()])
    if (left > 0) problems.push(`${left} processes were left`)
    await server.stop()
    rmSync(outDir, { recursive: true, force: true })
  }
  return problems.map((problem) => `${what} (seed ${seed}): ${problem}`)
}

/** What is in Redis besides BullMQ's own few keys of an empty queue, and the list of workers. */
function leftIn(server: RedisServer): string[] {
  const keys = server.command('--raw', 'KEYS', '*').split('\n')
  const left = keys.filter(
    (key) => key !== '' && !/^seqlab:[^:]+:(?:events|id|meta|stalled-check|marker)$|^seqlab-workers:/.test(key),
  )
  return left.length === 0 ? [] : [`Redis was left with ${left.length} keys: ${left.slice(0, 5).join(', ')}`]
}

/** How long a worker's lock is found to be lost at the latest. */
export const lostWithinMs = 3 * quickQueue.leaseMs

function faketimeLibrary(): string {
  const found = ['x86_64', 'aarch64'].map((name) => `/usr/lib/${name}-linux-gnu/faketime/libfaketimeMT.so.1`)
  return found.find((path) => isReadable(path)) ?? ''
}

function isReadable(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}
