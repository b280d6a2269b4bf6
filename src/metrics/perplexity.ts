import { applied } from '../core/measured.js'
import { noOptions } from '../core/part.js'
import { crossEntropyStatistics, meanNats } from './cross-entropy.js'
import { defineMetric } from './types.js'

export const perplexity = defineMetric({
  name: 'perplexity',
  summary: 'Perplexity: e to the cross-entropy in nats per token.',
  equations: ['PPL = exp(H)'],
  source: { paper: 'Jelinek et al. 1977, Perplexity: a measure of the difficulty of speech recognition tasks' },
  options: noOptions,
  range: [1, Number.POSITIVE_INFINITY],
  better: 'lower',
  unit: 'number',
  tasks: ['transduce', 'generate', 'language-model'],
  reads: 'loss',
  build: () => ({
    /** [nats, tokens]. */
    statistics: crossEntropyStatistics,
    value: (sums) => applied(meanNats(sums), Math.exp),
  }),
})
