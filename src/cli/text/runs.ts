import { isUndefined } from '../../core/measured.js'
import { runProgress } from '../../report/analysis/running/run-progress.js'
import { counted } from '../../report/format/grammar.js'
import { count } from '../../report/format/numbers.js'
import { duration } from '../../report/format/values.js'
import {
  type BegunRun,
  type EvaluationRecord,
  evaluationDirectory,
  type ListedRun,
  type RunRecord,
} from '../../store/index.js'
import { metricResultText, metricText } from './metrics.js'
import { printable } from './printable.js'
import { type Cell, table, widthOf } from './table.js'
import { type Colors, colorsFor } from './terminal.js'

/** A line of JSON for each run. */
export function runLines(runs: readonly ListedRun[]): string {
  return runs.map((run) => `${JSON.stringify(runJson(run))}\n`).join('')
}

export function runJson({ begun, record, publishedMs, missingEvaluations, ownEvaluations, ...run }: ListedRun): object {
  const progress = begun === undefined ? {} : { progress: runProgress(begun, Date.now()) }
  const published = publishedMs === undefined ? {} : { published: new Date(publishedMs).toISOString() }
  const { trialId, metrics } = record ?? {}
  const missing = missingEvaluations.length === 0 ? {} : { missingEvaluations }
  const own = ownEvaluations.length === 0 ? {} : { ownEvaluations: ownEvaluations.map(ownEvaluationJson) }
  return {
    ...run,
    ...(trialId === undefined ? {} : { trialId, metrics }),
    ...published,
    ...missing,
    ...own,
    ...progress,
  }
}

function ownEvaluationJson({ name, id, testSet, decode, metrics, results }: EvaluationRecord): object {
  return { name, id, testSet, decode, metrics, results }
}

/** A row for each run and for each evaluation of it on data of its own, for a terminal. */
export function runTable(runs: readonly ListedRun[], nowMs: number): string {
  if (runs.length === 0) return 'no runs yet'
  const colors = colorsFor(process.stdout)
  const head = ['run', 'variant', 'seed', 'status', 'main metric (95 %)', 'age'].map((cell) => colors.dim(cell))
  const rows = [head, ...runs.flatMap((run) => [row(run, nowMs, colors), ...ownRows(run, colors)])]
  return table(rows, { width: widthOf(process.stdout), head: true })
}

function row(run: ListedRun, nowMs: number, colors: Colors): Cell[] {
  return [
    { text: printable(run.directory) },
    { text: printable(run.label) },
    run.seed === undefined ? '' : String(run.seed),
    statusCell(run, colors),
    resultCell(run, colors),
    run.publishedMs === undefined ? '' : age(nowMs - run.publishedMs),
  ]
}

function ownRows({ directory, seed, ownEvaluations }: ListedRun, colors: Colors): Cell[][] {
  return ownEvaluations.map((evaluation) => [
    { text: printable(evaluationDirectory(directory, evaluation.name)) },
    { text: printable(testSetText(evaluation)) },
    seed === undefined ? '' : String(seed),
    colors.green('evaluated'),
    metricCell(mainMetric(evaluation.metrics), evaluation.results),
    '',
  ])
}

/** `on 40 examples of words.tsv`. */
export function testSetText({ testSet }: EvaluationRecord): string {
  return testSet === undefined
    ? 'on the test set'
    : `on ${counted(testSet.examples, 'example')} of ${testSet.files.join(', ')}`
}

/** With what is missing of a completed run. */
function statusCell({ status, missingEvaluations }: ListedRun, colors: Colors): Cell {
  const text = statusText(status, colors)
  return missingEvaluations.length === 0 ? text : { text: `${text}, ${missingText(missingEvaluations.length)}` }
}

export function statusText(status: ListedRun['status'], colors: Colors): string {
  const color = {
    completed: colors.green,
    failed: colors.red,
    damaged: colors.red,
    cancelled: colors.yellow,
    waiting: colors.dim,
    queued: colors.dim,
    running: colors.cyan,
    computed: colors.cyan,
  }
  return color[status](status)
}

/** The main metric, or why there is none. */
export function resultCell({ problem, reason, record, begun, status }: ListedRun, colors: Colors): Cell {
  if (begun !== undefined) return { text: printable(progressText(begun, status)) }
  if (reason !== undefined) return { text: printable(`not started: ${reason}`) }
  const why = problem ?? record?.error?.message
  if (why !== undefined) return { text: colors.red(printable(why)) }
  return record === undefined ? '' : metricCell(mainMetric(record.spec.metrics), record.metrics)
}

/** `step 1,200 of 5,000, dev PER 9.8 %, 3 min 20 s left`; of one that nobody trains now `stopped at step 1,200 of 5,000`. */
export function progressText(begun: BegunRun, status: ListedRun['status']): string {
  const { step, steps, dev, leftMs } = runProgress(begun, Date.now())
  const of = steps === undefined || steps === step ? '' : ` of ${count(steps)}`
  const known = [
    `${status === 'waiting' ? 'stopped at ' : ''}step ${count(step)}${of}`,
    ...(dev === undefined ? [] : [`dev ${dev.metric} ${metricText(dev.metric, dev.value)}`]),
    ...(leftMs === undefined ? [] : [`${duration(leftMs)} left`]),
  ]
  return known.join(', ')
}

/** `1 evaluation missing`. */
export function missingText(evaluations: number): string {
  return `${counted(evaluations, 'evaluation')} missing`
}

/** The name of the metric that comes first in a spec. */
export function mainMetric(metrics: RunRecord['spec']['metrics']): string {
  return metrics[0]?.type ?? ''
}

/** A metric with its name, on test where it is known there. */
export function metricCell(name: string, { test, dev }: RunRecord['metrics']): Cell {
  const result = test?.[name] ?? dev?.[name]
  if (result === undefined) return ''
  if (isUndefined(result)) return { text: printable(`${name} undefined: ${result.reason}`) }
  return `${name} ${metricResultText(name, result)}`
}

/** `3 min`, `5 h`, `12 d`. */
function age(elapsedMs: number): string {
  const minutes = Math.max(0, Math.round(elapsedMs / 60_000))
  if (minutes < 60) return `${minutes} min`
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / (24 * 60))} d`
}
