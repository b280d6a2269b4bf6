import { noOptions } from '../core/part.js'
import { isExact, isIncomplete, ratio } from './distance.js'
import { defineMetric } from './types.js'

export const accuracy = defineMetric({
  name: 'accuracy',
  summary: 'Fraction of examples with the correct label (one of those of the same source).',
  equations: ['accuracy = |{i : y_i ∈ R_i}| / N'],
  source: { paper: 'Standard practice' },
  options: noOptions,
  range: [0, 1],
  better: 'higher',
  unit: 'percent',
  tasks: ['classify'],
  build: () => ({
    /** [1 if right, 1]. */
    statistics: ({ hypothesis, references }) => [isExact(hypothesis, references) ? 1 : 0, 1],
    value: ratio('there are no examples'),
    isShare: true,
    isWrong: isIncomplete,
  }),
})
