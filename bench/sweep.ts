// What a sweep costs beyond training, and what a second worker brings.
// `npm run bench:sweep [trials]`: trials of two steps for the runner's own cost and the coordinator's memory, then
// longer ones at one worker and at two.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runPlan } from '../src/runner/coordinator.js'
import type { RunRecord } from '../src/runner/record.js'
import { createStopSignal } from '../src/runner/stop.js'
import type { Plan } from '../src/spec/types.js'
import { runOptions, tinyPlan } from '../test/runner/support/plan.js'

const trials = Number(process.argv[2] ?? 1000)

interface Measured {
  readonly wallMs: number
  /** From the first trial's first step to the end: without starting processes and loading code. */
  readonly steadyMs: number
  readonly trainingMs: number
  /** Processor time of the coordinator alone. */
  readonly coordinatorMs: number
  readonly heapMiB: readonly number[]
  readonly records: readonly RunRecord[]
}

async function measure(plan: Plan, workers: number): Promise<Measured> {
  const outDir = mkdtempSync(join(tmpdir(), 'bench-sweep-'))
  const heapMiB: number[] = []
  let finished = 0
  let firstStepAt: number | undefined
  const every = Math.max(1, Math.floor(plan.trials.length / 4))
  const before = performance.now()
  const busyBefore = process.cpuUsage()
  const outcome = await runPlan(
    plan,
    runOptions(outDir, { workers, engine: 'compiled' }),
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
  return { wallMs, steadyMs, trainingMs, coordinatorMs, heapMiB, records: outcome.records }
}

/** `train` holds validation and compiling, `test` the last evaluation. */
function trained({ timings }: RunRecord): number {
  return (timings.train ?? 0) + (timings.test ?? 0)
}

function usedHeapMiB(): number {
  global.gc?.()
  return Math.round((process.memoryUsage().heapUsed / 2 ** 20) * 10) / 10
}

const round = (value: number, digits = 1) => value.toFixed(digits)

const many = await measure(await tinyPlan('many', { seeds: trials, steps: 2, every: 2 }), 1)
const ownMs = (many.wallMs - many.trainingMs) / trials
console.log(`${trials} trials of 2 steps, one worker: ${round(many.wallMs / 1000)} s in all,`)
console.log(`  ${round(many.trainingMs / trials)} ms training a trial, ${round(ownMs)} ms the runner's own (bound: 30)`)
console.log(`  ${round(many.coordinatorMs / trials)} ms of processor time a trial in the coordinator`)
console.log(`  coordinator's heap at each quarter: ${many.heapMiB.join(', ')} MiB`)

const long = { seeds: 8, steps: 1000, every: 500, hidden: [96] }
const one = await measure(await tinyPlan('one', long), 1)
const two = await measure(await tinyPlan('two', long), 2)
console.log(
  `${long.seeds} trials of ${long.steps} steps, from the first step on: ${round(one.steadyMs / 1000)} s at one worker,`,
)
console.log(
  `  ${round(two.steadyMs / 1000)} s at two: ${round(one.steadyMs / two.steadyMs, 2)} times the throughput (bound: 1.9)`,
)
