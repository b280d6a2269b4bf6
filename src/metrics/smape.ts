import { noOptions } from '../core/part.js'
import { hasErrors, ratio } from './distance.js'
import { errorsOf, noNumbers } from './forecast-errors.js'
import { defineMetric } from './types.js'

export const smape = defineMetric({
  name: 'smape',
  summary: 'Symmetric mean absolute percentage error, 0 to 200 %, as in the M4 competition.',
  equations: ['sMAPE = mean of 2 |ŷ − y| / (|y| + |ŷ|)   (0 where both are 0)'],
  source: { paper: 'Makridakis et al. 2020, The M4 Competition: 100,000 time series and 61 forecasting methods' },
  options: noOptions,
  range: [0, 2],
  better: 'lower',
  unit: 'percent',
  tasks: ['forecast'],
  build: () => ({
    /** [sum of errors relative to the sizes of both numbers, numbers]. */
    statistics: (example) => {
      const { reference = [], predicted = [] } = example.values ?? {}
      const relative = errorsOf(example).map((_, at) => relativeError(reference[at] ?? 0, predicted[at] ?? 0))
      return [relative.reduce((sum, error) => sum + error, 0), relative.length]
    },
    value: ratio(noNumbers),
    isWrong: hasErrors,
  }),
})

/** By shares of the larger one, so that neither sums nor halves leave the range of numbers. */
function relativeError(one: number, other: number): number {
  const larger = Math.max(Math.abs(one), Math.abs(other))
  return larger === 0
    ? 0
    : (2 * Math.abs(one / larger - other / larger)) / (Math.abs(one / larger) + Math.abs(other / larger))
}
