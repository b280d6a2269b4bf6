import { availableParallelism } from 'node:os'
import type { ClaimPower } from '../../report/analysis/planning/power.js'
import { count } from '../../report/format/numbers.js'
import { duration } from '../../report/format/values.js'
import { threadsOf } from '../../runner/agents/threads.js'
import { plannedTasks } from '../../runner/coordinator/planned-times.js'
import { plannedMs, timeLeft } from '../../runner/time-left.js'
import { memoryText } from '../../spec/plan/cost.js'
import type { Matched } from '../../spec/plan/study/match.js'
import type { PlannedTrial } from '../../spec/types.js'
import type { ClusterPlan } from './cluster.js'
import { printable } from './printable.js'
import { table, widthOf } from './table.js'
import { colorsFor } from './terminal.js'

interface PlanView {
  readonly trials: readonly PlannedTrial[]
  readonly matched: readonly Matched[]
  readonly json: boolean
  readonly workers?: number | undefined
  readonly powers?: readonly ClaimPower[]
  /** Where they would run, if not here. */
  readonly on?: ClusterPlan
}

/** `--plan`: the trials that would run, their estimated cost, and what its claims can be expected to show. */
export function printPlan({
  trials,
  matched,
  json,
  workers = availableParallelism(),
  powers = [],
  on,
}: PlanView): void {
  const threads = threadsOf(trials, on?.cores ?? availableParallelism())
  const tasks = plannedTasks(trials.map((trial) => ({ kind: 'train', trial })))
  const rows = trials.map((trial) => {
    const { id, label, seed, variant, cost, evaluations } = trial
    const { parameters = 0, bytes = 0, checkpointBytes = 0, steps = 0 } = cost ?? {}
    const own = tasks.filter(({ trialId }) => trialId === id)
    const milliseconds = own.reduce((sum, { times }) => sum + plannedMs(times), 0)
    const planned = evaluations.map((each) => ({ id: each.id, label: each.label, variant: each.variant }))
    const sizes = { parameters, bytes, checkpointBytes }
    return { id, label, seed, variant, ...sizes, steps, milliseconds, threads, evaluations: planned }
  })
  if (json) {
    process.stdout.write(
      [...rows, ...powers, ...(on === undefined ? [] : [{ cluster: on }])]
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    )
    return
  }
  const colors = colorsFor(process.stdout)
  const head = ['', 'trial', 'seed', 'parameters', 'memory', 'checkpoint', 'steps', 'time (estimate)'].map((cell) =>
    colors.dim(cell),
  )
  const lines = rows.map(({ evaluations, id, seed, parameters, bytes, checkpointBytes, steps, milliseconds }) => [
    { text: evaluations.map(({ label }) => printable(label)).join('; ') },
    id,
    String(seed),
    count(parameters),
    memoryText(bytes),
    memoryText(checkpointBytes),
    count(steps),
    duration(milliseconds),
  ])
  const concurrent = Math.min(workers, Math.max(1, rows.length))
  const planned = tasks.map(({ times }) => ({ planned: times }))
  const about = duration(timeLeft(planned, concurrent) ?? 0)
  const evaluated = rows.reduce((sum, { evaluations }) => sum + evaluations.length, 0)
  const evaluationCount = evaluated === rows.length ? '' : ` with ${evaluated} evaluations`
  const trialCount = rows.length === 1 ? '1 trial' : `${rows.length} trials`
  const onThreads = `on ${threads === 1 ? 'one thread' : `${threads} threads`}${rows.length === 1 ? '' : ' each'}`
  const here = `about ${about}, ${concurrent} at a time, ${onThreads}`
  const closing = [`${trialCount}${evaluationCount}, ${on === undefined ? here : onThreads}`, ...(on ? [on.text] : [])]
  const trialTable = table([head, ...lines], { width: widthOf(process.stdout), head: true })
  const claimed =
    powers.length === 0 ? [] : ['', 'Claims:', ...powers.map(({ sentence }) => `  ${printable(sentence)}`)]
  process.stdout.write(`${[...matched.map(matchedLine), trialTable, ...closing, ...claimed].join('\n')}\n`)
}

/** Prints what authors should know of a study, on stderr. */
export function printNotes(notes: readonly string[]): void {
  for (const note of notes) process.stderr.write(`${printable(note)}\n`)
}

/** Prints the sizes that matching chose, on stderr. */
export function printMatched(matched: readonly Matched[]): void {
  for (const each of matched) process.stderr.write(`${matchedLine(each)}\n`)
}

function matchedLine({ label, sizes, parameters }: Matched): string {
  const chosen = Object.entries(sizes).map(([path, size]) => `${path}=${size}`)
  return `${label}: ${chosen.join(', ')} for ${count(parameters)} parameters`
}
