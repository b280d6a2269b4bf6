// What a sweep costs beyond training, and what a second worker brings.
// usage: npm run bench:sweep -- [--trials 1000] [--rounds 3] [--quiet 0.05] [--minutes 30]
// Trials of two steps show the runner's own cost and the coordinator's memory. Then equal sweeps run at one worker, at two
// threads and at two processes in turn; a turn in which other processes took more than `--quiet` of the machine is tried
// again, as long as `--minutes` allow, and medians are shown next to the machine's own limits.
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runPlan } from '../src/runner/coordinator/run-plan.js'
import type { RunOptions } from '../src/runner/events.js'
import { createStopSignal } from '../src/runner/stop.js'
import type { Plan } from '../src/spec/types.js'
import type { RunRecord } from '../src/store/trial/record.js'
import { runOptions, tinyPlan } from '../test/runner/support/plan.js'
import { watchOthers } from './sweep/load.js'
import { machineLimit } from './sweep/machine.js'
import { type Size, sizes } from './sweep/plans.js'

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    quiet: { type: 'string', default: '0.05' },
    minutes: { type: 'string', default: '30' },
  },
})

type Way = Pick<RunOptions, 'workers' | 'isolation'>

interface Measured {
  readonly wallMs: number
  /** From the first trial's first step to the end: without starting processes and loading code. */
  readonly steadyMs: number
  readonly trainingMs: number
  /** Processor time of the coordinator alone. */
  readonly coordinatorMs: number
  readonly heapMiB: readonly number[]
}

async function measure(plan: Plan, way: Way): Promise<Measured> {
  const outDir = mkdtempSync(join(tmpdir(), 'bench-sweep-'))
  const heapMiB: number[] = []
  let finished = 0
  let firstStepAt: number | undefined
  const every = Math.max(1, Math.floor(plan.trials.length / 4))
  const before = performance.now()
  const busyBefore = process.cpuUsage()
  const outcome = await runPlan(
    plan,
    runOptions(outDir, { ...way, engine: 'compiled' }),
    (event) => {
      if (event.kind === 'trial-progress' && event.event.kind === 'train') firstStepAt ??= performance.now()
      if (event.kind === 'trial-finished' && ++finished % every === 0) heapMiB.push(usedHeapMiB())
    },
    createStopSignal(),
  )
  const wallMs = performance.now() - before
  const steadyMs = performance.now() - (firstStepAt ?? before)
  const busy = process.cpuUsage(busyBefore)
  const coordinatorMs = (busy.user + busy.system) / 1000
  rmSync(outDir, { recursive: true })
  if (outcome.status !== 'completed') throw new Error(`The sweep ended as ${outcome.status}`)
  const trainingMs = outcome.records.reduce((sum, record) => sum + trained(record), 0)
  return { wallMs, steadyMs, trainingMs, coordinatorMs, heapMiB }
}

/** `train` holds validation and compiling, `test` the last evaluation. */
function trained({ timings }: RunRecord): number {
  return (timings.train ?? 0) + (timings.test ?? 0)
}

function usedHeapMiB(): number {
  global.gc?.()
  return Math.round((process.memoryUsage().heapUsed / 2 ** 20) * 10) / 10
}

async function ownCost(trials: number): Promise<void> {
  const plan = await tinyPlan('many', { seeds: trials, steps: 2, every: 2 })
  const { value: many, othersShare } = await watchOthers(() => measure(plan, { workers: 1, isolation: 'thread' }))
  const ownMs = (many.wallMs - many.trainingMs) / trials
  console.log(
    `${trials} trials of 2 steps, one worker: ${seconds(many.wallMs)} s (others took ${percent(othersShare)})`,
  )
  console.log(
    `  ${fixed(many.trainingMs / trials)} ms training a trial, ${fixed(ownMs)} ms the runner's own (bound: 30)`,
  )
  console.log(`  ${fixed(many.coordinatorMs / trials)} ms of processor time a trial in the coordinator`)
  console.log(`  coordinator's heap at each quarter: ${many.heapMiB.join(', ')} MiB`)
}

const ways: Readonly<Record<string, Way>> = {
  'one worker': { workers: 1, isolation: 'thread' },
  'two threads': { workers: 2, isolation: 'thread' },
  'two processes': { workers: 2, isolation: 'process' },
}

/** One value per turn; disturbed turns are reported and left out. */
interface Taken {
  readonly numbers: number[]
  disturbed: number
}

/** Takes every measurement in turn until each has been taken undisturbed the requested number of times, or time is up. */
async function inTurn(rounds: number, jobs: Readonly<Record<string, () => Promise<number>>>, untilMs: number) {
  const taken = new Map(Object.keys(jobs).map((name) => [name, { numbers: [], disturbed: 0 } as Taken]))
  const open = () => [...taken].filter(([, { numbers }]) => numbers.length < rounds)
  while (open().length > 0 && performance.now() < untilMs) {
    for (const [name, row] of open()) {
      const job = jobs[name]
      if (job === undefined) continue
      const { value, othersShare } = await watchOthers(job)
      if (othersShare > Number(values.quiet)) row.disturbed += 1
      else row.numbers.push(value)
    }
  }
  return taken
}

async function secondWorker(size: string, { planOf, trials, steps }: Size, untilMs: number): Promise<void> {
  await measure(await planOf(1, 2), { workers: 1, isolation: 'thread' }) // graphs into the cache
  const plan = await planOf(trials, steps)
  const jobs = Object.entries(ways).map(
    ([name, way]) => [name, async () => (await measure(plan, way)).steadyMs] as const,
  )
  const all = { machine: machineLimit, ...Object.fromEntries(jobs) }
  const taken = await inTurn(Number(values.rounds), all, untilMs)
  const one = median(taken.get('one worker')?.numbers ?? [])
  console.log(`${size}: ${trials} trials of ${steps} steps, from the first step to the end`)
  for (const [name, { numbers, disturbed }] of taken) {
    const turns = `${numbers.length} quiet turns, ${disturbed} disturbed`
    const middle = median(numbers)
    const measured =
      name === 'machine'
        ? `a second process that shares nothing brings ${fixed(middle, 2)} times one`
        : `${seconds(middle)} s, ${fixed(one / middle, 2)} times one worker`
    console.log(`  ${name}: ${numbers.length === 0 ? 'not measured' : measured} (${turns})`)
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]]
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2
}

const fixed = (value: number, digits = 1) => value.toFixed(digits)
const seconds = (ms: number) => fixed(ms / 1000, 2)
const percent = (share: number) => `${fixed(100 * share, 0)} %`

const [model] = cpus()
console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${model?.model}, Node ${process.versions.node}`,
)
if (Number(values.trials) > 0) await ownCost(Number(values.trials))
const all = Object.entries(sizes)
for (const [index, [name, size]] of all.entries()) {
  const leftMs = Number(values.minutes) * 60_000 - performance.now()
  await secondWorker(name, size, performance.now() + leftMs / (all.length - index))
}
