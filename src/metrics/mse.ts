import { meanSquare, unitOptions } from './forecast-errors.js'
import { defineMetric } from './types.js'

export const mse = defineMetric({
  name: 'mse',
  summary: "Mean squared error of the forecasts, in the series' own unit squared or scaled.",
  equations: ['MSE = Σ (ŷ − y)² / n'],
  source: { paper: 'Hyndman & Koehler 2006, Another look at measures of forecast accuracy' },
  options: unitOptions,
  range: [0, Number.POSITIVE_INFINITY],
  better: 'lower',
  unit: 'number',
  tasks: ['forecast'],
  build: (options) => meanSquare(options),
})
