import type { PredictionLine } from '../../../train/types.js'
import type { PredictionsInput } from '../../analysis/trial/input.js'
import { significant } from '../../format/values.js'
import { linesData, type MeasuredLines, measuredChart, type Point } from '../charts/line.js'
import { figure, table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'
import { lineEntries } from '../page/legend.js'

const curvesShown = 6
const naiveName = 'one season before'

type Forecast = NonNullable<PredictionLine['values']>

/** Observed and forecast values of examples taken at even distances from the test split. */
export function forecastsSection({ predictions }: PredictionsInput): Html {
  const forecasts = predictions.filter(({ split, values }) => split === 'test' && values !== undefined)
  if (forecasts.length === 0) return html``
  const every = Math.max(1, Math.floor(forecasts.length / curvesShown))
  const shown = forecasts.filter((_, at) => at % every === 0).slice(0, curvesShown)
  return html`<section><h2>Forecasts</h2><div class="columns">${shown.map(({ index, values }) =>
    forecastFigure(index, values ?? { reference: [], predicted: [] }),
  )}</div></section>`
}

function forecastFigure(index: number, { reference, predicted, naive }: Forecast): Html {
  const points = (numbers: readonly number[]) => numbers.map((number, at): Point => [at + 1, number])
  const drawn: MeasuredLines = {
    x: 'step ahead',
    y: { name: 'value', unit: 'number', kind: 'plain' },
    series: [
      { name: 'observed', points: points(reference) },
      { name: 'forecast', points: points(predicted) },
      ...(naive === undefined ? [] : [{ name: naiveName, points: points(naive) }]),
    ],
  }
  return figure({
    id: `forecast-${index}`,
    title: `Forecast of window ${index}`,
    alternative: reference
      .map(
        (value, at) =>
          `step ${at + 1}: ${significant(value)} observed, ${significant(predicted[at] ?? Number.NaN)} forecast`,
      )
      .join('; '),
    heights: { wide: 240, narrow: 220 },
    option: ({ width }) => measuredChart(drawn, width),
    lines: linesData(drawn),
    legend: lineEntries('observed', 'forecast', ...(naive === undefined ? [] : [naiveName])),
    table: table({
      head: ['step', 'observed', 'forecast', ...(naive === undefined ? [] : [naiveName])],
      rows: reference.map((value, at) => [
        ...[at + 1, significant(value, 4), significant(predicted[at] ?? Number.NaN, 4)],
        ...(naive === undefined ? [] : [significant(naive[at] ?? Number.NaN, 4)]),
      ]),
      numbers: [0, 1, 2, 3],
    }),
  })
}
