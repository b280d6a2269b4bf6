import { applied } from '../core/measured.js'
import { hasErrors, ratio } from './distance.js'
import { errorsOf, noNumbers, unitOptions } from './forecast-errors.js'
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
  build: (options) => ({
    /** [sum of squared errors, numbers]. */
    statistics: (example) => {
      const errors = errorsOf(example, options)
      return [errors.reduce((sum, error) => sum + error ** 2, 0), errors.length]
    },
    value: (sums) => applied(ratio(noNumbers)(sums), Math.sqrt),
    isWrong: hasErrors,
  }),
})
