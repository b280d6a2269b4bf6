import { noOptions } from '../core/part.js'
import { hasErrors, isExact, ratio } from './distance.js'
import { defineMetric } from './types.js'

export const wer = defineMetric({
  name: 'wer',
  summary:
    'Word error rate of grapheme-to-phoneme conversion: the fraction of words whose output is not one of their pronunciations.',
  equations: ['WER = |{i : y_i ∉ R_i}| / N'],
  source: {
    paper: 'Bisani & Ney 2008, Joint-sequence models for grapheme-to-phoneme conversion',
    equation: 'section 4; not the word error rate of speech recognition (see ser)',
  },
  options: noOptions,
  range: [0, 1],
  better: 'lower',
  unit: 'percent',
  tasks: ['transduce', 'generate'],
  build: () => ({
    /** [1 if wrong, 1]. */
    statistics: ({ hypothesis, references }) => [isExact(hypothesis, references) ? 0 : 1, 1],
    value: ratio('there are no examples'),
    isShare: true,
    isWrong: hasErrors,
  }),
})
