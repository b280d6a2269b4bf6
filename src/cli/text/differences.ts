import { joinTokens } from '../../core/pieces.js'
import { type SampleChange, type SettingChange, sampleChanges, settingChanges } from '../../report/analysis/changes.js'
import { joinersOf } from '../../report/analysis/joiners.js'
import type { LoadedTrial, RunRecord } from '../../store/index.js'
import { type MeasureColumn, measureColumns } from './measure-columns.js'
import { metricResultText, resultFootnotes } from './metrics.js'
import { printable } from './printable.js'
import { table, widthOf } from './table.js'
import { colorsFor } from './terminal.js'

const samplesShown = 10

/** What differs between two trained models. */
interface Differences {
  readonly before: LoadedTrial
  readonly after: LoadedTrial
  readonly settings: readonly SettingChange[]
  /** Undefined where the two were not tested on the same data. */
  readonly samples: readonly SampleChange[] | undefined
}

export function differences(before: LoadedTrial, after: LoadedTrial): Differences {
  return { before, after, settings: settingChanges(before, after), samples: sampleChanges(before, after) }
}

export function differencesJson({ before, after, settings, samples }: Differences): string {
  const [runs, metrics] = [
    [before.directory, after.directory],
    [before.record.metrics, after.record.metrics],
  ]
  return JSON.stringify({ runs, settings, metrics, samples: samples ?? null })
}

/** For a terminal. */
export function differencesText({ before, after, settings, samples }: Differences): string {
  return [
    ...settingLines(settings),
    ...metricLines(before.record, after.record),
    ...sampleLines(before.record, samples),
  ].join('\n')
}

function settingLines(changes: readonly SettingChange[]): string[] {
  if (changes.length === 0) return ['the same spec', '']
  const text = (value: unknown) =>
    value === undefined ? '(absent)' : typeof value === 'string' ? value : JSON.stringify(value)
  return [...changes.map(({ path, before, after }) => printable(`${path}: ${text(before)} -> ${text(after)}`)), '']
}

function metricLines(a: RunRecord, b: RunRecord): string[] {
  const measuredOf = ({ metrics, spec }: RunRecord) => ({ results: metrics.test ?? {}, measured: spec.metrics })
  const columns = measureColumns([a, b].map(measuredOf))
  const cell = (record: RunRecord, { metric, of }: MeasureColumn) => metricResultText(metric, of(measuredOf(record)))
  const title = ({ label, seed }: RunRecord) => printable(`${label} seed ${seed}`)
  const head = ['test', { text: title(a) }, { text: title(b) }]
  const shown = [a, b].flatMap((record) =>
    columns.map(({ name, of }) => ({ place: `${title(record)}, ${name}`, result: of(measuredOf(record)) })),
  )
  return [
    table([head, ...columns.map((column) => [column.name, cell(a, column), cell(b, column)])], {
      width: widthOf(process.stdout),
      head: true,
    }),
    ...resultFootnotes(shown).map(printable),
    '',
  ]
}

function sampleLines({ spec }: RunRecord, changes: readonly SampleChange[] | undefined): string[] {
  if (changes === undefined) return ['samples cannot be matched: the two were tested on different data']
  const number = (kind: SampleChange['kind']) => changes.filter((change) => change.kind === kind).length
  const counts = `${changes.length} test predictions differ: ${number('fixed')} fixed, ${number('broken')} broken, ${number('still wrong')} wrong both times`
  const joiners = joinersOf(spec)
  const colors = colorsFor(process.stdout)
  const line = ({ source, reference, before, after, kind }: SampleChange) => {
    const color = kind === 'fixed' ? colors.green : kind === 'broken' ? colors.red : colors.dim
    const [was, is, should] = [before, after, reference].map((tokens) => printable(joinTokens(tokens, joiners.target)))
    return `  ${color(kind.padEnd(11))} ${printable(joinTokens(source, joiners.source))}: ${was} -> ${is}${kind === 'fixed' ? '' : colors.dim(` (${should})`)}`
  }
  return [counts, ...changes.slice(0, samplesShown).map(line)]
}
