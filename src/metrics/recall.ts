import { averaged, averageOptions, recallOf } from './label-average.js'
import { defineMetric } from './types.js'

export const recall = defineMetric({
  name: 'recall',
  summary: 'Of the labels in the references, how many were found; mean over labels, or over all decisions.',
  equations: [
    'R_c = tp_c / (tp_c + fn_c)',
    'macro: mean of R_c over the labels c that occur; micro: Σ_c tp_c / Σ_c (tp_c + fn_c)',
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
  build: (options) => averaged(options, recallOf),
})
