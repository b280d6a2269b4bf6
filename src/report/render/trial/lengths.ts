import { isUndefined } from '../../../core/measured.js'
import { type MetricView, metricTitle } from '../../analysis/metrics.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { binName, byLength, type LengthBin, type LengthValue, lengthBins } from '../../analysis/trial/lengths.js'
import { count, drawnResult, resultSentence, unitSuffix, valueText } from '../../format/values.js'
import { intervalChart } from '../charts/intervals.js'
import { figure, table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'

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
  const rows = values.flatMap((value, at) => {
    const bin = bins[at]
    return value === undefined || bin === undefined ? [] : [{ name: binName(bin), ...value }]
  })
  return figure({
    id: `length-${metric.name}`,
    title: `How does ${title} depend on the source length?`,
    note: `95 % intervals over the examples of each bin; ${metric.better} is better`,
    alternative: rows.map(({ name, result }) => `${name} tokens: ${resultSentence(result, metric.unit)}`).join('; '),
    heights: { wide: 280, narrow: 240 },
    option: () =>
      intervalChart({
        x: 'source length (tokens)',
        y: `${title}${unitSuffix(metric.unit)}`,
        categories: rows.map(({ name }) => name),
        series: [
          { name: title, values: rows.map(({ result }) => (isUndefined(result) ? undefined : drawnResult(result))) },
        ],
        formatY: (value) => valueText(value, metric.unit),
      }),
    table: table({
      head: ['length', 'examples', `${title} (95 % interval)`],
      rows: rows.map(({ name, result, examples }) => [name, count(examples), resultSentence(result, metric.unit)]),
      numbers: [1],
    }),
  })
}
