import { count, duration } from '../../report/format/values.js'
import type { RunRecord } from '../../store/index.js'
import { metricNamed, metricResultText, resultFootnotes } from './metrics.js'
import { printable } from './printable.js'
import { type Colors, table } from './terminal.js'

/**
 * The results of a run: one table a group of trials that can be compared (same task, same data), each metric with its 95 %
 * interval, and where the reports are.
 */
export function summary(records: readonly RunRecord[], reports: readonly string[], colors: Colors): string {
  const groups = comparable(records)
  const tables = [...groups].map(([title, group]) => {
    const heading = groups.size > 1 ? [colors.bold(title)] : []
    return [...heading, groupTable(group, colors)].join('\n')
  })
  const pages = reports.map((path) => `${colors.dim('report')}  ${printable(path)}`)
  return [...tables, ...(pages.length > 0 ? [pages.join('\n')] : [])].join('\n\n')
}

function comparable(records: readonly RunRecord[]): ReadonlyMap<string, RunRecord[]> {
  const groups = new Map<string, RunRecord[]>()
  for (const record of records) {
    const title = `${record.spec.task.type} on data ${record.digests.training.slice(0, 12)}`
    groups.set(title, [...(groups.get(title) ?? []), record])
  }
  return groups
}

function groupTable(records: readonly RunRecord[], colors: Colors): string {
  const names = [...new Set(records.flatMap((record) => Object.keys(record.metrics.test ?? record.metrics.dev ?? {})))]
  const head = ['', ...names.map(heading), 'parameters', 'steps', 'time'].map((cell) => colors.dim(cell))
  const rows = records.map((record) => [
    printable(`${record.label} seed ${record.seed}`),
    ...names.map((name) => cellOf(record, name)),
    count(record.parameters),
    count(record.stepsDone),
    totalMs(record) === 0 ? '' : duration(totalMs(record)),
    ...(record.status === 'completed'
      ? []
      : [colors.red(printable(`${record.status}: ${record.error?.message ?? ''}`))]),
  ])
  const shown = records.flatMap((record) =>
    names.map((name) => ({ place: placeOf(record, name), result: record.metrics.test?.[name] })),
  )
  return [table([head, ...rows]), ...resultFootnotes(shown).map((line) => colors.dim(printable(line)))].join('\n')
}

/** `test per ↓ (95 %)`: which way is better. */
function heading(name: string): string {
  const better = metricNamed(name)?.better
  return `test ${name} ${better === 'lower' ? '↓' : better === 'higher' ? '↑' : ''} (95 %)`
}

function cellOf({ metrics }: RunRecord, name: string): string {
  return metricResultText(name, metrics.test?.[name])
}

function placeOf({ label, seed }: RunRecord, name: string): string {
  return `${label} seed ${seed}, test ${name}`
}

function totalMs({ timings }: RunRecord): number {
  return timings.total ?? Object.values(timings).reduce((sum, ms) => sum + ms, 0)
}
