import { type Measured, quotient } from '../core/measured.js'
import { noOptions } from '../core/part.js'
import { defineMetric, type ScoredExample } from './types.js'

/** [nats, tokens] of the reference under the model. */
export function crossEntropyStatistics({ crossEntropyNats, crossEntropyTokens }: ScoredExample): number[] {
  if (crossEntropyNats === undefined || crossEntropyTokens === undefined) {
    throw new RangeError('The example was evaluated without its cross-entropy')
  }
  return [crossEntropyNats, crossEntropyTokens]
}

/** Nats per token from the sums [nats, tokens]. */
export function meanNats([nats = 0, tokens = 0]: readonly number[]): Measured {
  return quotient(nats, tokens, noScoredToken)
}

/** A symbol that training has not seen has no probability of its own and is left out of the cross-entropy. */
export const noScoredToken = 'no token or label of the references is known from training'

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
  reads: 'loss',
  build: () => ({
    statistics: crossEntropyStatistics,
    value: meanNats,
  }),
})
