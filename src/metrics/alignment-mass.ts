import { quotient } from '../core/measured.js'
import { noOptions } from '../core/part.js'
import { linkStatistics, noLinks } from './alignment.js'
import { defineMetric } from './types.js'

export const alignmentMass = defineMetric({
  name: 'alignment-mass',
  summary:
    'Attention on the true links: the mean, over symbols of the (first) reference that have any under forced decoding, of the weights of their true source tokens.',
  equations: ['mass = Σ_t Σ_{s: (s,t) ∈ P} α_ts / |{t: some (s,t) ∈ P}|   (P: sure and possible links)'],
  source: {
    paper:
      'Tu et al. 2016, Modeling Coverage for Neural Machine Translation (soft alignments, from which they take SAER)',
    equation: 'section 5.1.4 has the soft error rate that this is the matching share of',
    url: 'https://aclanthology.org/P16-1008',
  },
  options: noOptions,
  range: [0, 1],
  better: 'higher',
  unit: 'percent',
  tasks: ['transduce'],
  reads: 'alignment',
  build: () => ({
    /** [sum of weights on true links, symbols that have any]. */
    statistics: (example) => {
      const [, , symbols = 0, , mass = 0] = linkStatistics(example)
      return [mass, symbols]
    },
    // Rounding may give rows of weights a little more than 1.
    value: ([mass = 0, symbols = 0]) => quotient(Math.min(mass, symbols), symbols, noLinks),
  }),
})
