import { noOptions } from '../core/part.js'
import { editCounts, hasErrors, nearest, ratio } from './distance.js'
import { defineMetric } from './types.js'

export const ser = defineMetric({
  name: 'ser',
  summary:
    'Symbol error rate: edits to the nearest reference, over its tokens, summed (over words this is what speech recognition calls word error rate).',
  equations: ['SER = Σ_i min_r d(y_i, r) / Σ_i |r_i|'],
  source: { paper: 'Levenshtein 1966; the name as in the SIGMORPHON shared tasks and Yoyodyne' },
  options: noOptions,
  range: [0, Number.POSITIVE_INFINITY],
  better: 'lower',
  unit: 'percent',
  tasks: ['transduce', 'generate'],
  build: () => ({
    /** [edits, tokens of the nearest reference, substitutions, insertions, deletions]. */
    statistics: ({ hypothesis, references }) => nearest(hypothesis, references),
    value: ratio('the references have no tokens'),
    isShare: true,
    counts: editCounts,
    isWrong: hasErrors,
  }),
})
