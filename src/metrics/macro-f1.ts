import { noOptions } from '../core/part.js'
import { averaged, f1Of } from './label-average.js'
import { defineMetric } from './types.js'

export const macroF1 = defineMetric({
  name: 'macro-f1',
  summary:
    'Mean of the F1 of each label that occurs in the references or the predictions; labels not seen in training count as one.',
  equations: ['F1_c = 2 tp_c / (2 tp_c + fp_c + fn_c)', 'macro-F1 = mean of F1_c over the labels c that occur'],
  source: { paper: 'Yang & Liu 1999, A re-examination of text categorization methods (macro-averaged F1)' },
  options: noOptions,
  range: [0, 1],
  better: 'higher',
  unit: 'percent',
  tasks: ['classify', 'tag'],
  build: () => averaged({ average: 'macro' }, f1Of),
})
