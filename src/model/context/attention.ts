import Type from 'typebox'
import type { Part } from '../../core/part.js'
import { ScorerChoice } from '../scorers/index.js'

const options = Type.Object({ scorer: ScorerChoice })

/** C formed anew at every output step; the loop over steps is in model/decoder. */
export const attention = {
  name: 'attention',
  summary: 'C is formed anew at every output step from all encoder outputs, weighted by a scorer.',
  equations: ['α_t = softmax(e_t)', 'C_t = Σ_s α_ts h_s'],
  source: {
    paper: 'Bahdanau et al. 2015, Neural Machine Translation by Jointly Learning to Align and Translate',
    equation: '(5), (6)',
    url: 'https://arxiv.org/abs/1409.0473',
  },
  options,
} as const satisfies Part<typeof options>
