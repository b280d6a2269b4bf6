import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { rolldown } from 'rolldown'
import type { Failpoint } from '../../src/core/failpoints.js'
import { packageRoot } from '../../src/core/package.js'
import { findTrials } from '../../src/report/analysis/comparison/read.js'
import type { RunOptions } from '../../src/runner/events.js'
import type { Limits } from '../../src/runner/limits.js'
import type { Plan } from '../../src/spec/types.js'
import { readStudy, readTrial } from '../../src/store/index.js'
import { readLedger } from '../../src/store/study/ledger.js'
import { identityOf, isAlive, type ProcessIdentity } from '../../src/store/study/processes.js'
import { runOptions, studyBytes } from '../runner/support/plan.js'

/** What a section of the suite found: counts to print, and what went wrong. */
export interface Findings {
  readonly counts: Readonly<Record<string, number>>
  readonly problems: readonly string[]
}

export interface Start {
  readonly plan: Plan
  readonly outDir: string
  readonly options?: Partial<RunOptions>
  readonly limits?: Partial<Limits>
  readonly failpoints?: readonly Failpoint[]
  readonly environment?: Readonly<Record<string, string>>
  /** Hosts that cannot be killed at once, as if they ran elsewhere. */
  readonly spareHosts?: boolean
  /** A package's folder, sources and bundle; by default this one. */
  readonly root?: string
}

export type Reported = { readonly kind: string; readonly [key: string]: unknown }

/** Whether an event says that a trial trains: its data have been read. */
export function isTraining({ kind, event }: Reported): boolean {
  return kind === 'trial-progress' && isDeepStrictEqual(event, { kind: 'phase', phase: 'train' })
}

/** A coordinator in its own process group, and the events that it reported. */
export interface Coordinator {
  readonly pid: number
  readonly reported: readonly Reported[]
  /** Resolves when such an event was reported, or the process ended. */
  until(test: (event: Reported) => boolean): Promise<Reported | undefined>
  signal(signal: NodeJS.Signals): void
  /** As a terminal does: to the whole group. */
  signalGroup(signal: NodeJS.Signals): void
  /** Exit code, or null after a signal. */
  readonly ended: Promise<number | null>
}

/** What coordinators import, as files that start at once: from sources each start would take ten times as long. */
export async function bundleCoordinator(root: string): Promise<void> {
  const modules = [
    'runner/coordinator/run-plan',
    'runner/stop',
    'runner/agents/start-host',
    'runner/agents/fleet',
    'runner/agents/engine-choice',
  ]
  const bundle = await rolldown({
    input: Object.fromEntries(modules.map((name) => [basename(name), join(root, 'src', `${name}.ts`)])),
    platform: 'node',
    external: [/^node:/, 'piscina', 'onnxruntime-node'],
    checks: { ineffectiveDynamicImport: false },
  })
  await bundle.write({ dir: coordinatorFolder(root), format: 'esm' })
}

/** In dist/, which `npm run build` makes anew. */
const coordinatorFolder = (root: string) => join(root, 'dist', 'faults')

export const folder = (name: string) => mkdtempSync(join(tmpdir(), `faults-${name}-`))

export function start(settings: Start): Coordinator {
  const { plan, outDir, options, limits = {}, spareHosts = false, root = packageRoot } = settings
  const job = join(folder('job'), 'job.json')
  const program = coordinatorFolder(root)
  writeFileSync(job, JSON.stringify({ program, plan, options: runOptions(outDir, options), limits, spareHosts }))
  const child = spawn(process.execPath, [join(import.meta.dirname, 'coordinate.mjs'), job], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...settings.environment, SEQLAB_FAILPOINT: JSON.stringify(settings.failpoints ?? []) },
  })
  return watch(child)
}

export function watch(child: ChildProcess): Coordinator {
  const reported: Reported[] = []
  const waiters = new Set<() => void>()
  const wake = () => {
    for (const waiter of waiters) waiter()
  }
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    reported.push(...lines.map((line) => JSON.parse(line) as Reported))
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
  const pid = child.pid ?? 0
  return {
    pid,
    reported,
    ended,
    until: async (test) => {
      for (;;) {
        const found = reported.find(test)
        if (found !== undefined || over) return found
        await new Promise<void>((resolve) => {
          waiters.add(resolve)
        })
      }
    },
    signal: (signal) => void child.kill(signal),
    signalGroup: (signal) => void process.kill(-pid, signal),
  }
}

/** Runs a plan to its end without any fault; its directory. */
export async function undisturbed(plan: Plan, options: Partial<RunOptions> = {}): Promise<string> {
  const outDir = folder('undisturbed')
  const coordinator = start({ plan, outDir, options })
  const code = await coordinator.ended
  if (code !== 0) throw new Error(`An undisturbed run ended with ${code}: ${JSON.stringify(coordinator.reported)}`)
  return join(outDir, plan.study)
}

/** Direct children of a process: a coordinator's hosts. */
export function childrenOf(pid: number): ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map((name) => identityOf(Number(name)))
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

/** Waits until all these processes are gone; how many are not. */
export async function orphans(processes: readonly ProcessIdentity[], withinMs = 10_000): Promise<number> {
  const until = Date.now() + withinMs
  while (processes.some(isAlive) && Date.now() < until) await sleep(20)
  return processes.filter(isAlive).length
}

/** Compares a study's trials, byte for byte, with the plan and with an undisturbed run. */
export function compare(what: string, plan: Plan, directory: string, expected: string): string[] {
  const bytes = studyBytes(directory)
  const reference = studyBytes(expected)
  const ids = plan.trials.map(({ id }) => id).sort()
  const missing = ids.filter((id) => bytes[id] === undefined)
  const foreign = Object.keys(bytes).filter((id) => !ids.includes(id))
  const different = ids.filter((id) => bytes[id] !== undefined && !isDeepStrictEqual(bytes[id], reference[id]))
  return [
    ...missing.map((id) => `${what}: trial ${id} is lost`),
    ...foreign.map((id) => `${what}: trial ${id} is not in the plan`),
    ...different.map(
      (id) => `${what}: trial ${id} differs from the undisturbed run in ${differing(bytes[id], reference[id])}`,
    ),
  ]
}

function differing(left: Record<string, string> = {}, right: Record<string, string> = {}): string {
  return Object.keys(right)
    .filter((name) => left[name] !== right[name])
    .join(', ')
}

/** A study's results by the readers that `show` and `compare` use, and everything that is wrong with its files. */
export async function results(directory: string) {
  const { problem, trials } = readStudy(directory)
  const published = trials.filter(({ state }) => state === 'published')
  const read = await Promise.all(published.map((trial) => readTrial(trial.directory)))
  const lost = trials.filter(({ state }) => state === 'lost').map(({ id }) => `the manifest of trial ${id} is missing`)
  const { skipped } = await findTrials([directory])
  return {
    records: read.flatMap(({ record }) => record ?? []),
    problems: [
      ...(problem === undefined ? [] : [problem.message]),
      ...lost,
      ...read.flatMap(({ problems }) => problems),
      ...skipped.map(({ path, reason }) => `${path}: ${reason}`),
    ],
  }
}

/** Publications of each trial beyond the first, counted from the ledger. */
export function duplicates(directory: string): number {
  const { entries } = readLedger(directory)
  const published = entries.flatMap((entry) => (entry.kind === 'publish' ? [entry.trialId] : []))
  return published.length - new Set(published).size
}

/** Does jobs in two lanes side by side, one for each of two cores. */
export async function inTwoLanes<T>(jobs: readonly T[], work: (job: T) => Promise<void>): Promise<void> {
  const waiting = [...jobs]
  const lane = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await work(job)
  }
  await Promise.all([lane(), lane()])
}
