import { noOptions } from '../core/part.js'
import { ratio } from './distance.js'
import { errorsOf } from './forecast-errors.js'
import { defineMetric } from './types.js'

export const mase = defineMetric({
  name: 'mase',
  summary:
    'Mean absolute scaled error: below 1 is better than the seasonal naive forecast (data.source.season) was in training.',
  equations: ['MASE = Σ |ŷ − y| / q / n', 'q = mean over training of |y_t − y_(t−m)|, for each series its own'],
  source: { paper: 'Hyndman & Koehler 2006, Another look at measures of forecast accuracy', equation: 'section 3' },
  options: noOptions,
  range: [0, Number.POSITIVE_INFINITY],
  better: 'lower',
  unit: 'number',
  tasks: ['forecast'],
  build: () => ({
    /** [sum of scaled absolute errors, numbers]. A constant series (q = 0) gives an infinite error unless all is right. */
    statistics: (example) => {
      const naive = example.values?.naiveErrors
      if (naive === undefined)
        throw new RangeError('The example was evaluated without the errors of the naive forecast')
      const errors = errorsOf(example)
      const scaled = errors.map((error, at) => (error === 0 ? 0 : Math.abs(error) / (naive[at % naive.length] ?? 0)))
      return [scaled.reduce((sum, error) => sum + error, 0), errors.length]
    },
    value: ratio,
  }),
})
