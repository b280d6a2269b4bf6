import { averaged, averageOptions, f1Of } from './label-average.js'
import { defineMetric } from './types.js'

export const f1 = defineMetric({
  name: 'f1',
  summary:
    'Harmonic mean of precision and recall of each label; mean over labels (as macro-f1), or over all decisions.',
  equations: [
    'F1_c = 2 tp_c / (2 tp_c + fp_c + fn_c)',
    'macro: mean of F1_c over the labels c that occur; micro: of the sums over c',
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
  build: (options) => averaged(options, f1Of),
})
