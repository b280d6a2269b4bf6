import Type from 'typebox'
import type { Part } from '../../core/part.js'
import { NormaliserChoice } from '../normalisers/index.js'
import { ScorerChoice } from '../scorers/index.js'

const options = Type.Object({
  scorer: ScorerChoice,
  position: Type.Union([Type.Literal('before'), Type.Literal('after')], {
    default: 'before',
    description:
      'Whether C is formed before the cell, from its previous output (Bahdanau et al. 2015), or after it, from its new output, and joined with it in a tanh layer (Luong et al. 2015).',
  }),
  inputFeeding: Type.Boolean({
    default: false,
    description:
      'With attention after the cell: whether the joined vector is concatenated to the next input, so that the cell knows its previous alignments (Luong et al. 2015, section 3.3).',
  }),
  normaliser: NormaliserChoice,
  temperature: Type.Number({
    exclusiveMinimum: 0,
    default: 1,
    description: 'Temperature that scores are divided by before the normaliser; below 1 sharpens the alignment.',
  }),
  coverage: Type.Optional(
    Type.Number({
      minimum: 0,
      description:
        'Weight of the coverage loss; scores then also depend on the sum of the previous alignments (See et al. 2017). Default: no coverage.',
    }),
  ),
})

/** A new C at every output step; the loop over steps is in model/decoder. */
export const attention = {
  name: 'attention',
  summary: 'C is formed at every output step from all encoder outputs, weighted by a scorer.',
  equations: [
    'α_t = softmax(e_t / temperature)',
    'C_t = Σ_s α_ts h_s',
    'h̃_t = tanh(W_c [C_t; h_t] + b_c), which replaces h_t in the output layer   (position: after)',
    'x_t = [y_t-1; h̃_t-1], h̃_0 = 0   (inputFeeding: true)',
    'e_ts + w c_ts replaces e_ts, where the scorer does not use c_ts itself   (coverage)',
    'c_t = Σ_{r<t} α_r, penalty Σ_s min(α_ts, c_ts)   (coverage)',
  ],
  symbols: {
    C_t: ['D'],
    h_s: ['D'],
    h̃_t: ['H'],
    W_c: ['H', 'D+H'],
    b_c: ['H'],
    h_t: ['H'],
    'h̃_t-1': ['H'],
    'y_t-1': ['E'],
  },
  source: {
    paper: 'Bahdanau et al. 2015, Neural Machine Translation by Jointly Learning to Align and Translate',
    equation:
      '(5), (6); after the cell: Luong et al. 2015, (5), with a bias, and section 3.3; coverage: See et al. 2017, (10)-(12)',
    url: 'https://arxiv.org/abs/1409.0473',
  },
  options,
} as const satisfies Part<typeof options>
