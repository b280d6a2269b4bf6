import { noOptions } from '../core/part.js'
import { editCounts, hasErrors, nearest, ratio } from './distance.js'
import { defineMetric } from './types.js'

export const per = defineMetric({
  name: 'per',
  summary: 'Phoneme error rate: edits to the nearest pronunciation, over its phonemes, summed over all words.',
  equations: ['PER = Σ_i min_r d(y_i, r) / Σ_i |r_i|   (r_i: the nearest reference; of equally near ones the longest)'],
  source: {
    paper: 'Bisani & Ney 2008, Joint-sequence models for grapheme-to-phoneme conversion',
    equation: 'section 4; edit distance after Levenshtein 1966',
  },
  options: noOptions,
  range: [0, Number.POSITIVE_INFINITY],
  better: 'lower',
  unit: 'percent',
  tasks: ['transduce', 'generate'],
  build: () => ({
    /** [edits, phonemes of the nearest reference, substitutions, insertions, deletions]. */
    statistics: ({ hypothesis, references }) => nearest(hypothesis, references),
    value: ratio('the references have no phonemes'),
    isShare: true,
    counts: editCounts,
    isWrong: hasErrors,
  }),
})
