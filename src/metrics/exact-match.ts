import { noOptions } from '../core/part.js'
import { isExact, isIncomplete, ratio } from './distance.js'
import { defineMetric } from './types.js'

export const exactMatch = defineMetric({
  name: 'exact-match',
  summary: 'Fraction of examples whose whole output equals one of the references.',
  equations: ['EM = |{i : y_i ∈ R_i}| / N'],
  source: { paper: 'Standard practice; as in Lake & Baroni 2018 (SCAN)' },
  options: noOptions,
  range: [0, 1],
  better: 'higher',
  unit: 'percent',
  tasks: ['transduce', 'generate', 'tag'],
  build: () => ({
    /** [1 if right, 1]. */
    statistics: ({ hypothesis, references }) => [isExact(hypothesis, references) ? 1 : 0, 1],
    value: ratio('there are no examples'),
    isShare: true,
    isWrong: isIncomplete,
  }),
})
