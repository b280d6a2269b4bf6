// One study on a Slurm of its own, which something is done to; and what must hold afterwards, whatever that was.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fromSeed } from '../../../src/core/random.js'
import type { Plan } from '../../../src/spec/types.js'
import { type Coordinator, compare, duplicates, type Reported, results } from '../../faults/harness.js'
import { type ClusterShape, type SlurmCluster, startSlurm } from '../slurm.js'
import { type SlurmStart, startCoordinator } from './harness.js'

/** Exit codes of coordinators. */
export const completed = 0
export const errorOfRun = 3
export const detached = 4
export const interrupted = 130

export interface World {
  readonly plan: Plan
  readonly outDir: string
  readonly directory: string
  readonly cluster: SlurmCluster
  /** From 0 to 1, by the seed. */
  random(): number
  /** A moment within so many milliseconds, by the seed. */
  moment(withinMs: number): Promise<void>
  coordinator(more?: Partial<SlurmStart>): Coordinator
  /** Agents that run: the processes of jobs of arrays. */
  agents(): readonly number[]
  /** Hosts that run under agents. */
  hosts(): readonly number[]
  /** Waits until it holds, or the time is over; whether it held. */
  until(condition: () => boolean, withinMs?: number): Promise<boolean>
  /** Says what went wrong. */
  problem(text: string): void
}

/** What a coordinator said, in short. */
export function said({ reported }: Coordinator): string {
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
  shape: ClusterShape = {},
): Promise<readonly string[]> {
  const problems: string[] = []
  const outDir = mkdtempSync(join(tmpdir(), 'seqlab-world-'))
  const directory = join(outDir, plan.study)
  const cluster = await startSlurm(shape)
  const random = fromSeed(seed)
  const coordinators: Coordinator[] = []
  const world: World = {
    ...{ plan, outDir, directory, cluster },
    random: () => random.uniform(),
    moment: (withinMs) => sleep(random.uniform() * withinMs),
    coordinator: (more = {}) => {
      const coordinator = startCoordinator({ cluster, plan, outDir, ...more })
      coordinators.push(coordinator)
      return coordinator
    },
    agents: () => processesOf(cluster, 'slurm/agent.js'),
    hosts: () => processesOf(cluster, 'hosts/host.js'),
    until: async (condition, withinMs = 60_000) => {
      const end = performance.now() + withinMs
      while (!condition()) {
        if (performance.now() > end) return false
        await sleep(50)
      }
      return true
    },
    problem: (text) => void problems.push(text),
  }
  try {
    await disturb(world)
    await finish(world, coordinators)
    problems.push(...compare('', plan, directory, reference), ...(await results(directory)).problems)
    // What was cancelled is published as that, and once more when it was completed.
    const cancelled = coordinators.flatMap(({ reported }) => reported).filter(({ status }) => status === 'cancelled')
    const twice = duplicates(directory) - cancelled.length
    if (twice > 0) problems.push(`${twice} trials were published twice`)
    if (!(await world.until(() => cluster.queue().length === 0, 15_000)))
      problems.push(`the queue is not empty: ${cluster.queue().join(', ')}`)
    if (!(await world.until(() => world.agents().length + world.hosts().length === 0, 15_000)))
      problems.push(`${world.agents().length} agents and ${world.hosts().length} hosts are left`)
    if (existsSync(join(directory, 'cluster'))) problems.push('the folder of batches is left')
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    for (const coordinator of coordinators) tryTo(() => coordinator.signal('SIGKILL'))
    await cluster.stop().catch((error: unknown) => problems.push(`Slurm was not stopped: ${error}`))
    for (const pid of [...world.agents(), ...world.hosts()]) tryTo(() => process.kill(pid, 'SIGKILL'))
  }
  if (problems.length === 0) rmSync(outDir, { recursive: true, force: true })
  else problems.push(...coordinators.map((coordinator) => `a coordinator said: ${said(coordinator)}`), `see ${outDir}`)
  return problems.map((problem) => `${what}: ${problem}`)
}

/** Runs the study to its end, however often that is interrupted. */
async function finish(world: World, coordinators: readonly Coordinator[]): Promise<void> {
  for (let left = 5; left > 0; left--) {
    // Also of one that is not the last: it may have the study, and refuse it to others.
    const codes = await Promise.all(coordinators.map(({ ended }) => ended))
    if (codes.includes(completed)) return
    const last = coordinators.at(-1)
    if (left === 1) world.problem(`the study did not end: ${codes.at(-1)}, ${last && said(last)}`)
    else world.coordinator()
  }
}

/** Processes of jobs of this cluster, by a part of their command. */
function processesOf({ environment }: SlurmCluster, part: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isOf(name, part, environment.SLURM_CONF ?? ''))
    .map(Number)
}

function isOf(pid: string, part: string, conf: string): boolean {
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(part)) return false
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`SLURM_CONF=${conf}`)
  } catch {
    return false
  }
}

function tryTo(work: () => void): void {
  try {
    work()
  } catch {
    // It is gone already.
  }
}
