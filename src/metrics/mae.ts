import { meanCost, unitOptions } from './forecast-errors.js'
import { defineMetric } from './types.js'

export const mae = defineMetric({
  name: 'mae',
  summary: "Mean absolute error of the forecasts, in the series' own unit or scaled.",
  equations: ['MAE = Σ |ŷ − y| / n'],
  source: { paper: 'Hyndman & Koehler 2006, Another look at measures of forecast accuracy' },
  options: unitOptions,
  range: [0, Number.POSITIVE_INFINITY],
  better: 'lower',
  unit: 'number',
  tasks: ['forecast'],
  build: (options) => meanCost(options, Math.abs),
})
