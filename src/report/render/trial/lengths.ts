import { isUndefined } from '../../../core/measured.js'
import { type MetricView, metricTitle } from '../../analysis/metrics.js'
import type { PredictionsInput } from '../../analysis/trial/input.js'
import { binName, byLength, type LengthBin, type LengthValue, lengthBins } from '../../analysis/trial/lengths.js'
import { count } from '../../format/numbers.js'
import { metricQuantity } from '../../format/quantity.js'
import { drawnResult, resultSentence } from '../../format/values.js'
import { intervalChart } from '../charts/intervals.js'
import { oneLengthText } from '../lengths.js'
import { figure, table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'

/** Each metric against the source's length; nothing where sources are numbers, whose windows all have one length. */
export function lengthsSection({ predictions, record, metrics }: PredictionsInput): Html {
  const test = predictions.filter(({ split }) => split === 'test')
  const shown = test.length > 0 ? test : predictions
  const names = Object.keys(shown[0]?.statistics ?? {})
  const views = names.map(metrics).filter((view) => view !== undefined)
  const bins = lengthBins(shown.map(({ source }) => source.length))
  const [first] = bins
  if (views.length === 0 || first === undefined || first.longest === 0) return html``
  if (bins.length === 1)
    return html`<section><h2>By source length</h2><p class="quiet small instead">${oneLengthText(binName(first))}</p></section>`
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
  const points = rows.map(({ result }) => (isUndefined(result) ? undefined : drawnResult(result)))
  const ends = points.flatMap((point) => (point === undefined ? [] : Object.values(point)))
  const reasons = rows.flatMap(({ name, result }) =>
    isUndefined(result) ? [`${title} undefined at ${name} tokens: ${result.reason}`] : [],
  )
  return figure({
    id: `length-${metric.name}`,
    title: `How does ${title} depend on the source length?`,
    note: ['95 % intervals over the examples of each bin', `${metric.better} is better`, ...reasons].join('; '),
    alternative: rows.map(({ name, result }) => `${name} tokens: ${resultSentence(result, metric.unit)}`).join('; '),
    heights: { wide: 280, narrow: 240 },
    instead: ends.length === 0 ? `No chart: ${reasons.join('; ')}.` : undefined,
    option: () =>
      intervalChart({
        x: 'source length (tokens)',
        y: metricQuantity(title, metric.unit, ends),
        categories: rows.map(({ name }) => name),
        series: [{ name: title, values: points }],
      }),
    table: table({
      head: ['length', 'examples', `${title} (95 % interval)`],
      rows: rows.map(({ name, result, examples }) => [name, count(examples), resultSentence(result, metric.unit)]),
      numbers: [1],
    }),
  })
}
