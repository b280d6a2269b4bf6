import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runPlan } from '../../src/runner/coordinator/run-plan.js'
import type { RunEvent } from '../../src/runner/events.js'
import { redisExecutor } from '../../src/runner/executors/redis/executor.js'
import type { Executor } from '../../src/runner/executors/types.js'
import { createStopSignal } from '../../src/runner/stop.js'
import type { Plan } from '../../src/spec/types.js'
import { bundleCluster, quickQueue, startWorker } from '../../test/cluster/queue/harness.js'
import { startRedis, withoutRedis } from '../../test/cluster/redis.js'
import { runOptions, tinyPlan } from '../../test/runner/support/plan.js'

/** Leases as they are without a profile: a busy machine is not to lose a job here. */
const queue = { ...quickQueue, queue: 'bench', leaseMs: 60_000, graceMs: 300_000, pollMs: 30_000 }

interface Ran {
  readonly wallMs: number
  readonly heapMiB: readonly number[]
  /** Asked at each quarter, where there is something to ask. */
  readonly redisMiB: readonly number[]
}

export interface OverRedis {
  readonly trials: number
  readonly workers: number
  readonly localSeconds: number
  readonly redisSeconds: number
  readonly overheadMs: number
  /** At each quarter. */
  readonly coordinatorHeapMiB: readonly number[]
  readonly redisMiB: readonly number[]
  readonly keysLeft: number
}

/** Overhead of the queue a trial: (wall over Redis - wall of the local runner with as many workers) / trials. Goal: 50 ms. */
export async function overRedis(trials: number, workers: number): Promise<OverRedis | undefined> {
  if (withoutRedis !== undefined) return void console.log(`over Redis: not measured, ${withoutRedis}`)
  const plan = await tinyPlan('many', { seeds: trials, steps: 2, every: 2 })
  const few = await tinyPlan('few', { seeds: workers, steps: 2, every: 2 })
  await run(few, workers)
  const local = await run(plan, workers)
  console.log(`${trials} trials of 2 steps, ${workers} workers of the local runner: ${seconds(local.wallMs)} s`)
  await bundleCluster()
  const server = await startRedis()
  process.env.SEQLAB_REDIS_URL = server.url
  const environment = { SEQLAB_CACHE: process.env.SEQLAB_CACHE ?? '' }
  const started = Array.from({ length: workers }, () => startWorker({ url: server.url, queue, environment }))
  try {
    await Promise.all(started.map((worker) => worker.until(({ kind }) => kind === 'line')))
    const redisMiB = () => Number(/^used_memory:(\d+)/m.exec(server.command('INFO', 'memory'))?.[1]) / 2 ** 20
    // Processes start, and compiled graphs go into their caches.
    await run(few, workers, redisExecutor(queue))
    const over = await run(plan, workers, redisExecutor(queue), redisMiB)
    const overheadMs = (over.wallMs - local.wallMs) / trials
    console.log(
      `  over Redis, ${workers} workers: ${seconds(over.wallMs)} s, ${overheadMs.toFixed(1)} ms more a trial (goal: 50)`,
    )
    console.log(
      `  coordinator's heap at each quarter: ${over.heapMiB.join(', ')} MiB; Redis: ${over.redisMiB.join(', ')} MiB`,
    )
    const keysLeft = Number(/\d+/.exec(server.command('DBSIZE'))?.[0])
    console.log(`  keys left in Redis: ${keysLeft}`)
    return {
      ...{ trials, workers, localSeconds: local.wallMs / 1000, redisSeconds: over.wallMs / 1000, overheadMs },
      ...{ coordinatorHeapMiB: over.heapMiB, redisMiB: over.redisMiB, keysLeft },
    }
  } finally {
    for (const worker of started) worker.signal('SIGKILL')
    await server.stop()
  }
}

async function run(plan: Plan, workers: number, executor?: Executor, redisMiB?: () => number): Promise<Ran> {
  const outDir = mkdtempSync(join(tmpdir(), 'bench-cluster-'))
  const [heapMiB, inRedis]: [number[], number[]] = [[], []]
  const every = Math.max(1, Math.floor(plan.trials.length / 4))
  let finished = 0
  const listener = ({ kind }: RunEvent) => {
    if (kind !== 'trial-finished' || ++finished % every !== 0) return
    heapMiB.push(Math.round(process.memoryUsage().heapUsed / 2 ** 20))
    if (redisMiB !== undefined) inRedis.push(Math.round(redisMiB() * 10) / 10)
  }
  const options = runOptions(outDir, { workers, engine: 'compiled' })
  const before = performance.now()
  const { status } = await runPlan(
    plan,
    options,
    listener,
    createStopSignal(),
    executor === undefined ? {} : { executor },
  )
  const wallMs = performance.now() - before
  rmSync(outDir, { recursive: true })
  if (status !== 'completed') throw new Error(`The sweep ended as ${status}`)
  return { wallMs, heapMiB, redisMiB: inRedis }
}

const seconds = (ms: number) => (ms / 1000).toFixed(1)
