import { averaged, averageOptions, precisionOf } from './label-average.js'
import { defineMetric } from './types.js'

export const precision = defineMetric({
  name: 'precision',
  summary: 'Of the labels that were predicted, how many are right; mean over labels, or over all decisions.',
  equations: [
    'P_c = tp_c / (tp_c + fp_c)',
    'macro: mean of P_c over the labels c that occur; micro: Σ_c tp_c / Σ_c (tp_c + fp_c)',
  ],
  source: {
    paper: 'Yang & Liu 1999, A re-examination of text categorization methods',
    equation: 'averages as in scikit-learn, zero_division=0',
  },
  options: averageOptions,
  range: [0, 1],
  better: 'higher',
  unit: 'percent',
  tasks: ['classify', 'tag'],
  build: (options) => averaged(options, precisionOf),
})
