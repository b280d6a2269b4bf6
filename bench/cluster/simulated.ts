import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { packageRoot } from '../../src/core/package.js'
import { runPlan } from '../../src/runner/coordinator/run-plan.js'
import { localExecutor } from '../../src/runner/executors/local.js'
import type { Executor, Fleet, FleetCallbacks } from '../../src/runner/executors/types.js'
import type { AttemptOutcome, TrialJob } from '../../src/runner/messages.js'
import { createStopSignal } from '../../src/runner/stop.js'
import type { Plan } from '../../src/spec/types.js'
import { listRuns } from '../../src/store/index.js'
import { runOptions, tinyPlan } from '../../test/runner/support/plan.js'

type Ran = Extract<AttemptOutcome, { kind: 'ran' }>

/** A real trial's outcome with the files that it wrote: simulated ones of its variant end so. */
interface Template {
  readonly outcome: Ran
  readonly files: ReadonlyMap<string, Buffer>
}

/** Progress events of a trial, besides its beginning and its end. */
const eventsATrial = 18

export interface Simulated {
  readonly trials: number
  readonly machines: number
  readonly virtualHours: number
  readonly seconds: number
  readonly msAnEvent: number
  readonly cpuMsAnEvent: number
  /** Until the coordinator had taken an event. */
  readonly takingMsAnEvent: number
  readonly peakMiB: number
  /** Of the command, in a process of its own. */
  readonly listSeconds: number
}

export interface Compared {
  readonly trials: number
  /** Of the command, in a process of its own, its page included. */
  readonly seconds: number
  readonly pageMiB: number
}

/**
 * The real coordinator with so many trials and machines: time an event (goal: under 1 ms), memory (under 1 GB), and whether
 * `list` still answers.
 */
export async function simulated(trials: number, machines: number): Promise<Simulated> {
  const outDir = mkdtempSync(join(tmpdir(), 'bench-simulated-'))
  const ran = await sweep(outDir, trials, machines)
  const listSeconds = await listing(outDir, trials)
  rmSync(outDir, { recursive: true })
  return { ...ran, listSeconds }
}

/** A comparison of so many trials, of two variants, by the command (goal: 10,000 within 60 s). */
export async function compared(trials: number): Promise<Compared> {
  const outDir = mkdtempSync(join(tmpdir(), 'bench-compared-'))
  await sweep(outDir, trials, 1000)
  const page = join(outDir, 'comparison.html')
  const began = performance.now()
  const said = spawnSync(process.execPath, [main, 'compare', join(outDir, 'simulated'), '--out', page], {
    encoding: 'utf8',
  })
  const seconds = (performance.now() - began) / 1000
  if (said.status !== 0) throw new Error(`compare ended with ${said.status}: ${said.stderr}`)
  const pageMiB = statSync(page).size / 2 ** 20
  console.log(
    `comparison of ${trials} trials: ${seconds.toFixed(1)} s (goal of 10,000: 60), a page of ${pageMiB.toFixed(1)} MiB`,
  )
  rmSync(outDir, { recursive: true })
  return { trials, seconds, pageMiB }
}

async function sweep(outDir: string, trials: number, machines: number): Promise<Omit<Simulated, 'listSeconds'>> {
  const templates = await realTrials()
  const plan = await manyTrials(Math.ceil(trials / variants.length))
  if (plan.trials.length !== trials) throw new RangeError('An even number of trials: there are two variants')
  const fleet = createClock(machines, trials, templates)
  const before = performance.now()
  const busyBefore = process.cpuUsage()
  const { status, records } = await runPlan(plan, runOptions(outDir), () => {}, createStopSignal(), {
    executor: fleet.executor,
  })
  const wallMs = performance.now() - before
  const busy = process.cpuUsage(busyBefore)
  if (status !== 'completed' || records.length !== trials) throw new Error(`The simulated sweep ended as ${status}`)
  const events = trials * (eventsATrial + 2)
  const inEventsMs = fleet.spentMs()
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024)
  console.log(
    `${trials} simulated trials on ${machines} machines, ${(fleet.virtualMs() / 3_600_000).toFixed(1)} virtual hours: ${(wallMs / 1000).toFixed(1)} s`,
  )
  console.log(
    `  ${(wallMs / events).toFixed(3)} ms an event (goal: 1) of ${events} events, everything written included; ${((busy.user + busy.system) / 1000 / events).toFixed(3)} ms of processor time`,
  )
  console.log(
    `  ${(inEventsMs / events).toFixed(4)} ms of it until the event was taken; peak memory ${peakMiB} MiB (goal: 1024)`,
  )
  return {
    ...{ trials, machines, virtualHours: fleet.virtualMs() / 3_600_000, seconds: wallMs / 1000 },
    ...{ msAnEvent: wallMs / events, cpuMsAnEvent: (busy.user + busy.system) / 1000 / events },
    ...{ takingMsAnEvent: inEventsMs / events, peakMiB },
  }
}

const main = join(packageRoot, 'dist', 'cli', 'main.js')

/** In this process, and by the command in a process of its own, whose memory counts alone. */
async function listing(outDir: string, trials: number): Promise<number> {
  const before = performance.now()
  const runs = await listRuns(outDir)
  const ms = performance.now() - before
  if (runs.length !== trials || runs.some(({ status }) => status !== 'completed'))
    throw new Error('The list is not whole')
  const began = performance.now()
  const listed = spawnSync(process.execPath, [main, 'list', '--out', outDir], { maxBuffer: 2 ** 30, encoding: 'utf8' })
  const seconds = (performance.now() - began) / 1000
  const lines = listed.stdout.trim().split('\n').length
  if (listed.status !== 0 || lines < trials) throw new Error(`list ended with ${listed.status}, ${lines} lines`)
  console.log(
    `  list: ${(ms / 1000).toFixed(1)} s in this process; the command ${seconds.toFixed(1)} s, ${lines} lines`,
  )
  return seconds
}

/** Real trials of each variant, whose results differ as those of seeds do. */
const realSeeds = 4

function templateKey({ label, seed }: { readonly label: string; readonly seed: number }): string {
  return `${label} ${seed % realSeeds}`
}

/** Runs a few trials of the same plan for real. */
async function realTrials(): Promise<ReadonlyMap<string, Template>> {
  const outDir = mkdtempSync(join(tmpdir(), 'bench-template-'))
  const templates = new Map<string, Template>()
  const executor: Executor = {
    open: (study, settings, callbacks) =>
      localExecutor.open(study, settings, {
        ...callbacks,
        onEnd: (job, ended) => {
          if (ended.kind === 'ran' && job.kind === 'train') {
            const read = (name: string) => [name, readFileSync(join(job.directory, name))] as const
            templates.set(templateKey(job), { outcome: ended, files: new Map(Object.keys(ended.files).map(read)) })
          }
          callbacks.onEnd(job, ended)
        },
      }),
  }
  await runPlan(await manyTrials(realSeeds), runOptions(outDir), () => {}, createStopSignal(), { executor })
  rmSync(outDir, { recursive: true })
  if (templates.size !== realSeeds * variants.length) throw new Error('The real trials did not all end')
  return templates
}

/** Widths of the hidden layer. */
const variants = [4, 6]

function manyTrials(seeds: number): Promise<Plan> {
  return tinyPlan('simulated', { seeds, steps: 4, every: 2, hidden: variants })
}

/**
 * A fleet whose machines take from one to ten minutes for a trial, by a clock that stands at the next event; it goes on once
 * every machine has a trial, or all trials have begun.
 */
function createClock(machines: number, trials: number, templates: ReadonlyMap<string, Template>) {
  let now = 0
  let spent = 0
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const heap: Timed[] = []
  let running = 0
  let begun = 0
  let turning = false
  const executor: Executor = {
    open: async (_, __, callbacks) => fleetOf(callbacks),
  }
  const fleetOf = (callbacks: FleetCallbacks): Fleet => {
    const timed = (work: () => void) => {
      const before = performance.now()
      work()
      spent += performance.now() - before
    }
    const turn = () => {
      turning = false
      // As many as come at one moment: the coordinator writes between them.
      for (let left = 50; left > 0 && isBusy(); left--) {
        const next = popEarliest(heap)
        if (next === undefined) return
        now = next.atMs
        next.happens(timed, callbacks)
      }
      go()
    }
    const isBusy = () => running === machines || begun === trials
    const go = () => {
      if (turning || heap.length === 0 || !isBusy()) return
      turning = true
      setImmediate(turn)
    }
    const assign = (job: TrialJob) => {
      running++
      begun++
      const lastsMs = 60_000 + 540_000 * random()
      for (let at = 1; at <= eventsATrial; at++) {
        push(heap, {
          atMs: now + (lastsMs * at) / (eventsATrial + 1),
          happens: (take, { onEvent }) => take(() => onEvent(job, eventAt(at))),
        })
      }
      push(heap, {
        atMs: now + lastsMs,
        happens: (take, { onEnd }) => {
          running--
          const template = job.kind === 'train' ? templates.get(templateKey(job)) : undefined
          if (template === undefined) throw new Error(`There is no real trial like ${job.trialId}`)
          write(job, template.files)
          take(() => onEnd(job, template.outcome))
        },
      })
      go()
    }
    return {
      room: () => machines - running,
      assign,
      adopt: () => undefined,
      detach: async () => {},
      stop: () => {},
      kill: () => {},
      close: async () => {},
    }
  }
  return { executor, spentMs: () => spent, virtualMs: () => now }
}

interface Timed {
  readonly atMs: number
  happens(take: (work: () => void) => void, callbacks: FleetCallbacks): void
}

function eventAt(at: number) {
  if (at % 6 === 0) return { kind: 'saved' as const, step: at }
  const train = { step: at, totalSteps: eventsATrial, epoch: 1, loss: 1, gradientNorm: 1, learningRate: 0.01 }
  return {
    kind: 'trial' as const,
    event: { kind: 'train' as const, ...train, tokensPerSecond: 1000, elapsedMs: 100 * at },
  }
}

function write({ directory }: TrialJob, files: Template['files']): void {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), bytes)
  }
}

/** A binary heap by time. */
function push(heap: Timed[], item: Timed): void {
  heap.push(item)
  for (let at = heap.length - 1; at > 0; ) {
    const above = (at - 1) >> 1
    if (!swapIfEarlier(heap, at, above)) return
    at = above
  }
}

function popEarliest(heap: Timed[]): Timed | undefined {
  const [first] = heap
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  heap[0] = last
  for (let at = 0; ; ) {
    const [left, right] = [2 * at + 1, 2 * at + 2]
    const earlier = timeOf(heap, right) < timeOf(heap, left) ? right : left
    if (earlier >= heap.length || !swapIfEarlier(heap, earlier, at)) return first
    at = earlier
  }
}

function timeOf(heap: readonly Timed[], at: number): number {
  return heap[at]?.atMs ?? Number.POSITIVE_INFINITY
}

function swapIfEarlier(heap: Timed[], below: number, above: number): boolean {
  const [lower, upper] = [heap[below], heap[above]]
  if (lower === undefined || upper === undefined || lower.atMs >= upper.atMs) return false
  heap[below] = upper
  heap[above] = lower
  return true
}
