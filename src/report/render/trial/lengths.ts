import { bootstrapInterval, type Interval } from '../../../stats/bootstrap.js'
import type { PredictionLine } from '../../../train/types.js'
import { type MetricView, metricTitle } from '../../analysis/metrics.js'
import { bare, count, unitMark, withInterval } from '../../format/values.js'
import type { TrialReportInput } from '../../trial/input.js'
import { intervalChart } from '../charts/intervals.js'
import { figure, table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'

export interface LengthBin {
  /** Shortest and longest source of the bin, in tokens. */
  readonly shortest: number
  readonly longest: number
}

const binsAtMost = 8
const fewest = 20

/**
 * Bins of source lengths with about equally many examples each: at most eight, none with fewer than twenty examples
 * (unless there is only one). Equal lengths are never parted.
 */
export function lengthBins(lengths: readonly number[]): LengthBin[] {
  const sorted = lengths.toSorted((a, b) => a - b)
  const aim = Math.max(fewest, Math.ceil(sorted.length / binsAtMost))
  const bins: { shortest: number; longest: number; size: number }[] = []
  for (const length of sorted) {
    const bin = bins.at(-1)
    if (bin === undefined || (bin.size >= aim && length !== bin.longest))
      bins.push({ shortest: length, longest: length, size: 1 })
    else Object.assign(bin, { longest: length, size: bin.size + 1 })
  }
  const last = bins.at(-1)
  const before = bins.at(-2)
  if (last !== undefined && before !== undefined && last.size < fewest) {
    bins.splice(-2, 2, { shortest: before.shortest, longest: last.longest, size: before.size + last.size })
  }
  return bins.map(({ shortest, longest }) => ({ shortest, longest }))
}

export function binName({ shortest, longest }: LengthBin): string {
  return shortest === longest ? String(shortest) : `${shortest}–${longest}`
}

export interface LengthValue {
  readonly interval: Interval
  readonly examples: number
}

/** A metric within each bin, with its 95 % bootstrap interval over the bin's examples; undefined for an empty bin. */
export function byLength(
  lines: readonly PredictionLine[],
  bins: readonly LengthBin[],
  metric: MetricView,
  seed: number,
): (LengthValue | undefined)[] {
  return bins.map(({ shortest, longest }) => {
    const inside = lines.filter(({ source }) => source.length >= shortest && source.length <= longest)
    const rows = inside.map((line) => line.statistics[metric.name]).filter((row) => row !== undefined)
    if (rows.length === 0) return undefined
    const interval = bootstrapInterval(rows, metric.value, { seed, resamples: 500, level: 0.95 })
    return { interval, examples: rows.length }
  })
}

/** Each metric against the source's length. */
export function lengthsSection({ predictions, record, metrics }: TrialReportInput): Html {
  const test = predictions.filter(({ split }) => split === 'test')
  const shown = test.length > 0 ? test : predictions
  const names = Object.keys(shown[0]?.statistics ?? {})
  const views = names.map(metrics).filter((view) => view !== undefined)
  const bins = lengthBins(shown.map(({ source }) => source.length))
  if (views.length === 0 || bins.length < 2) return html``
  return html`<section><h2>By source length</h2><div class="columns">
${views.map((view) => lengthFigure(view, bins, byLength(shown, bins, view, record.seed)))}
</div></section>`
}

function lengthFigure(
  metric: MetricView,
  bins: readonly LengthBin[],
  values: readonly (LengthValue | undefined)[],
): Html {
  const title = metricTitle(metric.name)
  const rows = values.flatMap((found, at) => {
    const bin = bins[at]
    return found === undefined || bin === undefined ? [] : [{ name: binName(bin), ...found }]
  })
  return figure({
    id: `length-${metric.name}`,
    title: `Is ${title} worse on longer inputs?`,
    note: `95 % intervals over the examples of each bin; ${metric.better} is better`,
    alternative: rows.map(({ name, interval }) => `${name} tokens: ${withInterval(interval, metric.unit)}`).join('; '),
    heights: { wide: 280, narrow: 240 },
    option: () =>
      intervalChart({
        x: 'source length (tokens)',
        y: `${title}${unitMark(metric.unit)}`,
        categories: rows.map(({ name }) => name),
        series: [{ name: title, values: rows.map(({ interval }) => interval) }],
        formatY: (value) => bare(value, metric.unit),
      }),
    table: table({
      head: ['length', 'examples', `${title} (95 % interval)`],
      rows: rows.map(({ name, interval, examples }) => [name, count(examples), withInterval(interval, metric.unit)]),
      numbers: [1],
    }),
  })
}
