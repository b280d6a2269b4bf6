import { noOptions } from '../core/part.js'
import { ratio } from './distance.js'
import { defineMetric, type ScoredExample } from './types.js'

/** [nats, tokens] of the reference under the model. */
export function crossEntropyStatistics({ crossEntropyNats, crossEntropyTokens }: ScoredExample): number[] {
  if (crossEntropyNats === undefined || crossEntropyTokens === undefined) {
    throw new RangeError('The example was evaluated without its cross-entropy')
  }
  return [crossEntropyNats, crossEntropyTokens]
}

export const crossEntropy = defineMetric({
  name: 'cross-entropy',
  summary: 'Cross-entropy of the (first) reference in nats per token, end of sequence included.',
  equations: ['H = −Σ_i Σ_t ln p(r_it | r_i<t, x_i) / Σ_i |r_i|'],
  source: { paper: 'Shannon 1948, A Mathematical Theory of Communication' },
  options: noOptions,
  range: [0, Number.POSITIVE_INFINITY],
  better: 'lower',
  unit: 'nats',
  tasks: ['transduce', 'generate', 'tag', 'classify', 'language-model'],
  build: () => ({
    statistics: crossEntropyStatistics,
    value: ratio,
  }),
})
