import { applied } from '../core/measured.js'
import { noOptions } from '../core/part.js'
import { crossEntropyStatistics, meanNats } from './cross-entropy.js'
import { defineMetric } from './types.js'

export const bitsPerCharacter = defineMetric({
  name: 'bits-per-character',
  summary:
    'Bits per character of a character-level language model (each token counts as one character, and data.sourceTokens must be characters).',
  equations: ['BPC = H / ln 2'],
  source: { paper: 'Graves 2013, Generating Sequences With Recurrent Neural Networks', equation: 'section 2' },
  options: noOptions,
  range: [0, Number.POSITIVE_INFINITY],
  better: 'lower',
  unit: 'number',
  tasks: ['language-model'],
  reads: 'loss',
  tokens: 'characters',
  build: () => ({
    /** [nats, tokens]. */
    statistics: crossEntropyStatistics,
    value: (sums) => applied(meanNats(sums), (nats) => nats / Math.LN2),
  }),
})
