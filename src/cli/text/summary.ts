import type { MetricSpec } from '../../metrics/index.js'
import { count } from '../../report/format/numbers.js'
import { duration } from '../../report/format/values.js'
import type { RunOutcome } from '../../runner/events.js'
import type { Plan, PlannedTrial } from '../../spec/types.js'
import type { RunRecord } from '../../store/index.js'
import { type MeasureColumn, measureColumns } from './measure-columns.js'
import { metricNamed, metricResultText, resultFootnotes } from './metrics.js'
import { printable } from './printable.js'
import { table, widthOf } from './table.js'
import type { Colors } from './terminal.js'

/** One evaluation of a trained model; a trial that did not complete has one row. */
export interface ResultRow {
  readonly label: string
  readonly record: RunRecord
  readonly metrics: RunRecord['metrics']
  /** What its results are measured by. */
  readonly measured: readonly MetricSpec[]
  readonly testDigest: string
}

/** The plan's evaluations that a run has results of, in the plan's order. */
export function resultRows({ trials }: Plan, outcome: Pick<RunOutcome, 'records' | 'evaluations'>): ResultRow[] {
  return trials.flatMap((trial) => {
    const record = outcome.records.find(({ trialId }) => trialId === trial.id)
    if (record === undefined) return []
    return record.status === 'completed' ? evaluated(trial, record, outcome) : [ownRow(trial.label, record)]
  })
}

function evaluated(
  { id, evaluations }: PlannedTrial,
  record: RunRecord,
  outcome: Pick<RunOutcome, 'evaluations'>,
): ResultRow[] {
  return evaluations.flatMap((planned): ResultRow[] => {
    const { label, testDigest } = planned
    if (planned.id === record.evaluation) return [ownRow(label, record)]
    const later = outcome.evaluations.find((evaluation) => evaluation.trialId === id && evaluation.id === planned.id)
    return later === undefined ? [] : [{ label, record, metrics: later.results, measured: later.metrics, testDigest }]
  })
}

/** The trial's own results, which are those of its final evaluation. */
function ownRow(label: string, record: RunRecord): ResultRow {
  return { label, record, metrics: record.metrics, measured: record.spec.metrics, testDigest: record.digests.test }
}

/**
 * The results of a run: one table a group of trials that can be compared (same task, same data), each metric with its 95 %
 * interval, and where the reports are.
 */
export function summary(rows: readonly ResultRow[], reports: readonly string[], colors: Colors): string {
  const groups = comparable(rows)
  const tables = [...groups].map(([title, group]) => {
    const heading = groups.size > 1 ? [colors.bold(title)] : []
    return [...heading, groupTable(group, colors)].join('\n')
  })
  const pages = reports.map((path) => `${colors.dim('report')}  ${printable(path)}`)
  return [...tables, ...(pages.length > 0 ? [pages.join('\n')] : [])].join('\n\n')
}

function comparable(rows: readonly ResultRow[]): ReadonlyMap<string, ResultRow[]> {
  const groups = new Map<string, ResultRow[]>()
  for (const row of rows) {
    const { spec, digests } = row.record
    const title = `${spec.task.type} on data ${digests.training.slice(0, 12)}, test data ${row.testDigest.slice(0, 12)}`
    groups.set(title, [...(groups.get(title) ?? []), row])
  }
  return groups
}

/** A trial that was stopped by hand has no error to tell. */
function whyNot({ status, error }: RunRecord): string {
  return error === undefined ? status : `${status}: ${error.message}`
}

function groupTable(group: readonly ResultRow[], colors: Colors): string {
  const columns = measureColumns(
    group.map(({ metrics, measured }) => ({ results: metrics.test ?? metrics.dev ?? {}, measured })),
  )
  const head = ['', ...columns.map(heading), 'parameters', 'steps', 'time'].map((cell) => colors.dim(cell))
  const rows = group.map(({ label, record, metrics, measured }) => [
    { text: printable(`${label} seed ${record.seed}`) },
    ...columns.map((column) => metricResultText(column.metric, column.of({ results: metrics.test ?? {}, measured }))),
    count(record.parameters),
    count(record.stepsDone),
    totalMs(record) === 0 ? '' : duration(totalMs(record)),
    ...(record.status === 'completed' ? [] : [{ text: colors.red(printable(whyNot(record))) }]),
  ])
  const shown = group.flatMap(({ label, record, metrics, measured }) =>
    columns.map(({ name, of }) => ({
      place: `${label} seed ${record.seed}, test ${name}`,
      result: of({ results: metrics.test ?? {}, measured }),
    })),
  )
  const layout = { width: widthOf(process.stdout), head: true }
  return [table([head, ...rows], layout), ...resultFootnotes(shown).map((line) => colors.dim(printable(line)))].join(
    '\n',
  )
}

/** `test per ↓ (95 %)`: which way is better. */
function heading({ name, metric }: MeasureColumn): string {
  const better = metricNamed(metric)?.better
  return `test ${name} ${better === 'lower' ? '↓' : better === 'higher' ? '↑' : ''} (95 %)`
}

function totalMs({ timings }: RunRecord): number {
  return timings.total ?? Object.values(timings).reduce((sum, ms) => sum + ms, 0)
}
