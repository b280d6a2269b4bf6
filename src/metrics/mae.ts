import { noOptions } from '../core/part.js'
import { hasErrors, ratio } from './distance.js'
import { errorsOf, noNumbers } from './forecast-errors.js'
import { defineMetric } from './types.js'

export const mae = defineMetric({
  name: 'mae',
  summary: "Mean absolute error of the forecasts, in the series' own unit.",
  equations: ['MAE = Σ |ŷ − y| / n'],
  source: { paper: 'Hyndman & Koehler 2006, Another look at measures of forecast accuracy' },
  options: noOptions,
  range: [0, Number.POSITIVE_INFINITY],
  better: 'lower',
  unit: 'number',
  tasks: ['forecast'],
  build: () => ({
    /** [sum of absolute errors, numbers]. */
    statistics: (example) => {
      const errors = errorsOf(example)
      return [errors.reduce((sum, error) => sum + Math.abs(error), 0), errors.length]
    },
    value: ratio(noNumbers),
    isWrong: hasErrors,
  }),
})
