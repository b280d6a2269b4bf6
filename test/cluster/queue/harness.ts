// Coordinators and workers over a Redis of their own, as real processes.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { rolldown } from 'rolldown'
import type { Failpoint } from '../../../src/core/failpoints.js'
import { packageRoot } from '../../../src/core/package.js'
import type { RunOptions } from '../../../src/runner/events.js'
import type { QueueSettings } from '../../../src/runner/executors/redis/settings.js'
import type { WorkerSettings } from '../../../src/runner/executors/redis/worker/agent.js'
import type { Limits } from '../../../src/runner/limits.js'
import type { Plan } from '../../../src/spec/types.js'
import { runOptions } from '../../runner/support/plan.js'

/** Short leases, so that a test need not wait a minute for each. */
export const quickQueue: QueueSettings = {
  queue: 'test',
  leaseMs: 4000,
  graceMs: 20_000,
  pollMs: 1000,
  keepMs: 600_000,
  largestBytes: 64 * 2 ** 20,
  jobs: 1000,
}

/** One line that a process printed. */
export interface Reported {
  readonly kind: string
  readonly message?: string
  readonly [key: string]: unknown
}

export interface Running {
  readonly pid: number
  readonly reported: readonly Reported[]
  /** Resolves when such a line was printed, or the process ended. */
  until(test: (line: Reported) => boolean): Promise<Reported | undefined>
  signal(signal: NodeJS.Signals): void
  /** Exit code, or null after a signal. */
  readonly ended: Promise<number | null>
}

const program = join(packageRoot, 'dist', 'cluster')

/** What the processes import, as files that start at once. */
export async function bundleCluster(): Promise<void> {
  const modules = [
    'runner/coordinator/run-plan',
    'runner/stop',
    'runner/executors/redis/executor',
    'runner/executors/redis/worker/agent',
  ]
  const bundle = await rolldown({
    input: Object.fromEntries(modules.map((name) => [basename(name), join(packageRoot, 'src', `${name}.ts`)])),
    platform: 'node',
    external: [/^node:/, 'piscina', 'onnxruntime-node', 'bullmq', 'ioredis'],
    checks: { ineffectiveDynamicImport: false },
  })
  await bundle.write({ dir: program, format: 'esm' })
}

export interface CoordinatorStart {
  readonly url: string
  readonly plan: Plan
  readonly outDir: string
  /** `local`: without a queue. */
  readonly queue?: Partial<QueueSettings> | 'local'
  readonly options?: Partial<RunOptions>
  readonly limits?: Partial<Limits>
  readonly failpoints?: readonly Failpoint[]
  readonly environment?: Readonly<Record<string, string>>
}

export function startCoordinator(start: CoordinatorStart): Running {
  const { plan, outDir, options, limits = {}, queue = {} } = start
  const settings = queue === 'local' ? {} : { queue: { ...quickQueue, ...queue } }
  const job = { program, plan, options: runOptions(outDir, options), limits, ...settings }
  return startProcess('coordinate.mjs', job, start)
}

export interface WorkerStart {
  readonly url: string
  readonly worker?: Partial<Omit<WorkerSettings, 'queue'>>
  readonly queue?: Partial<QueueSettings>
  readonly failpoints?: readonly Failpoint[]
  readonly environment?: Readonly<Record<string, string>>
}

export function startWorker(start: WorkerStart): Running {
  const { worker = {}, queue = {} } = start
  const common = { slots: 1, hostBytes: 8 * 2 ** 30, cacheBytes: 2 ** 30 }
  return startProcess(
    'work.mjs',
    { program, worker: { ...common, ...worker, queue: { ...quickQueue, ...queue } } },
    start,
  )
}

interface ProcessStart extends Pick<WorkerStart, 'url' | 'failpoints' | 'environment'> {}

function startProcess(script: string, job: object, start: ProcessStart): Running {
  const { url, failpoints = [], environment = {} } = start
  const folder = mkdtempSync(join(tmpdir(), 'seqlab-cluster-'))
  const file = join(folder, 'job.json')
  writeFileSync(file, JSON.stringify(job))
  const child = spawn(process.execPath, [join(import.meta.dirname, script), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // A cache of its own: another machine shares none.
    env: {
      ...process.env,
      SEQLAB_REDIS_URL: url,
      SEQLAB_CACHE: join(folder, 'cache'),
      SEQLAB_FAILPOINT: JSON.stringify(failpoints),
      ...environment,
    },
  })
  child.on('close', () => rmSync(folder, { recursive: true, force: true }))
  return watch(child)
}

function watch(child: ChildProcess): Running {
  const reported: Reported[] = []
  const waiters = new Set<() => void>()
  const wake = () => {
    for (const waiter of waiters) waiter()
    waiters.clear()
  }
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const parsed: Reported = JSON.parse(line)
      reported.push(parsed)
    }
    wake()
  })
  let over = false
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      over = true
      wake()
      resolve(code)
    })
  })
  return {
    pid: child.pid ?? 0,
    reported,
    ended,
    until: async (test) => {
      for (;;) {
        const found = reported.find(test)
        if (found !== undefined || over) return found
        await new Promise<void>((resolve) => waiters.add(resolve))
      }
    },
    signal: (signal) => void child.kill(signal),
  }
}
