import { noOptions } from '../core/part.js'
import { editCounts, hasErrors, nearest, ratio } from './distance.js'
import { defineMetric } from './types.js'

export const cer = defineMetric({
  name: 'cer',
  summary:
    'Character error rate: edits in characters (code points) of the joined text, over those of the nearest reference.',
  equations: ['CER = Σ_i min_r d(chars(y_i), chars(r)) / Σ_i |chars(r_i)|'],
  source: { paper: 'Levenshtein 1966; the usual measure of optical character recognition' },
  options: noOptions,
  range: [0, Number.POSITIVE_INFINITY],
  better: 'lower',
  unit: 'percent',
  tasks: ['transduce', 'generate'],
  build: () => ({
    /** [edits, characters of the nearest reference, substitutions, insertions, deletions]. */
    statistics: ({ hypothesis, references, joiner = '' }) => {
      const characters = (tokens: readonly string[]) => [...tokens.join(joiner)]
      return nearest(characters(hypothesis), references.map(characters))
    },
    value: ratio('the references have no characters'),
    isShare: true,
    counts: editCounts,
    isWrong: hasErrors,
  }),
})
