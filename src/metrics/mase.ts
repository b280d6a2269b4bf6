import { noOptions } from '../core/part.js'
import { hasErrors, ratio } from './distance.js'
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
    /** [sum of scaled absolute errors, numbers, numbers of series that are left out because q = 0]. */
    statistics: (example) => {
      const naive = example.values?.naiveErrors
      if (naive === undefined)
        throw new RangeError('The example was evaluated without the errors of the naive forecast')
      const errors = errorsOf(example)
      const scaled = errors.flatMap((error, at) => {
        const scale = naive[at % naive.length] ?? 0
        return scale === 0 ? [] : [Math.abs(error) / scale]
      })
      return [scaled.reduce((sum, error) => sum + error, 0), scaled.length, errors.length - scaled.length]
    },
    value: ratio('the naive forecast has no error in training (every series is constant there), so there is no scale'),
    note: ([, , left = 0]) =>
      left === 0 ? undefined : 'without the series whose naive forecast has no error in training (constant there)',
    isWrong: hasErrors,
  }),
})
