import { isUndefined } from '../../core/measured.js'
import type { ListedRun } from '../../store/index.js'
import { metricResultText } from './metrics.js'
import { printable } from './printable.js'
import { type Colors, colorsFor, table } from './terminal.js'

/** A line of JSON for each run. */
export function runLines(runs: readonly ListedRun[]): string {
  return runs.map((run) => `${JSON.stringify(asJson(run))}\n`).join('')
}

function asJson({ record, publishedMs, ...run }: ListedRun): object {
  const published = publishedMs === undefined ? {} : { published: new Date(publishedMs).toISOString() }
  const { trialId, metrics } = record ?? {}
  return { ...run, ...(trialId === undefined ? {} : { trialId, metrics }), ...published }
}

/** A row for each run, for a terminal. */
export function runTable(runs: readonly ListedRun[], nowMs: number): string {
  if (runs.length === 0) return 'no runs yet'
  const colors = colorsFor(process.stdout)
  const head = ['run', 'variant', 'seed', 'status', 'main metric (95 %)', 'age'].map((cell) => colors.dim(cell))
  return table([head, ...runs.map((run) => row(run, nowMs, colors))])
}

function row(run: ListedRun, nowMs: number, colors: Colors): string[] {
  const color = {
    completed: colors.green,
    failed: colors.red,
    damaged: colors.red,
    cancelled: colors.yellow,
    waiting: colors.dim,
  }
  const why = run.problem ?? run.record?.error?.message
  return [
    printable(run.directory),
    printable(run.label),
    run.seed === undefined ? '' : String(run.seed),
    color[run.status](run.status),
    why === undefined ? mainMetric(run) : colors.red(printable(why)),
    run.publishedMs === undefined ? '' : age(nowMs - run.publishedMs),
  ]
}

function mainMetric({ record }: ListedRun): string {
  const name = record?.spec.metrics[0]?.type ?? ''
  const result = record?.metrics.test?.[name] ?? record?.metrics.dev?.[name]
  if (result === undefined) return ''
  return isUndefined(result)
    ? printable(`${name} undefined: ${result.reason}`)
    : `${name} ${metricResultText(name, result)}`
}

/** `3 min`, `5 h`, `12 d`. */
function age(elapsedMs: number): string {
  const minutes = Math.max(0, Math.round(elapsedMs / 60_000))
  if (minutes < 60) return `${minutes} min`
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / (24 * 60))} d`
}
