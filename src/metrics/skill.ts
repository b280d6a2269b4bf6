import { applied, quotient } from '../core/measured.js'
import { noOptions } from '../core/part.js'
import { hasErrors } from './distance.js'
import { errorsOf } from './forecast-errors.js'
import { defineMetric } from './types.js'

export const skill = defineMetric({
  name: 'skill',
  summary:
    'How much of the absolute error of the seasonal naive forecast (the values one data.source.season before) on the same numbers is gone: 1 is a perfect forecast, 0 is as good, below 0 worse.',
  equations: ['skill = 1 − Σ |ŷ − y| / Σ |y_(t−m) − y|   (m: the season, as often as needed to be in the window)'],
  source: {
    paper:
      'Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., sections 5.2 and 5.8 (skill scores)',
  },
  options: noOptions,
  range: [Number.NEGATIVE_INFINITY, 1],
  better: 'higher',
  unit: 'percent',
  tasks: ['forecast'],
  build: () => ({
    /** [sum of absolute errors, that of the naive forecast, numbers], over numbers that have a naive forecast. */
    statistics: (example) => {
      const { reference = [], naive } = example.values ?? {}
      const errors = errorsOf(example)
      if (naive === undefined) return [0, 0, 0]
      const naiveErrors = naive.map((value, at) => Math.abs(value - (reference[at] ?? 0)))
      return [sum(errors.map(Math.abs)), sum(naiveErrors), errors.length]
    },
    value: (sums) => {
      const [own = 0, naive = 0, numbers = 0] = sums
      return applied(quotient(own, naive, numbers === 0 ? noWindow : noError), (share) => 1 - share)
    },
    isWrong: hasErrors,
  }),
})

const noWindow = 'the window is shorter than the season, so that there is no naive forecast'
const noError = 'the naive forecast has no error here'

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
