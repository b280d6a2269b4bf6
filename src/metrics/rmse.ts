import { applied } from '../core/measured.js'
import { meanSquare, unitOptions } from './forecast-errors.js'
import { defineMetric } from './types.js'

export const rmse = defineMetric({
  name: 'rmse',
  summary: "Root of the mean squared error of the forecasts, in the series' own unit or scaled.",
  equations: ['RMSE = sqrt(Σ (ŷ − y)² / n)'],
  source: { paper: 'Hyndman & Koehler 2006, Another look at measures of forecast accuracy' },
  options: unitOptions,
  range: [0, Number.POSITIVE_INFINITY],
  better: 'lower',
  unit: 'number',
  tasks: ['forecast'],
  build: (options) => {
    const { value, ...mean } = meanSquare(options)
    return { ...mean, value: (sums) => applied(value(sums), Math.sqrt) }
  },
})
