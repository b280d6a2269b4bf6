import Type from 'typebox'
import type { Part } from '../../core/part.js'
import { NormaliserChoice } from '../normalisers/index.js'
import { ScorerChoice } from '../scorers/index.js'

const options = Type.Object({
  scorer: ScorerChoice,
  normaliser: NormaliserChoice,
  temperature: Type.Number({
    exclusiveMinimum: 0,
    default: 1,
    description: 'Temperature that scores are divided by before the normaliser; below 1 sharpens the weights.',
  }),
})

/** Features attended to by themselves. */
export const attentionJoin = {
  name: 'attention',
  summary:
    'Features have a scorer of their own: their weighted sum, formed anew at every output step, is concatenated to C (tag: to the output at each step; classify: once, with C as the query).',
  equations: [
    'β_t = softmax(e_t / temperature)',
    'f_t = Σ_k β_tk f_k',
    "C'_t = [C_t; f_t], which takes the place of C_t",
  ],
  symbols: {
    f_t: ['G'],
    f_k: ['G'],
  },
  source: {
    paper:
      'Acs 2018, BME-HAS System for CoNLL-SIGMORPHON 2018 Shared Task: Universal Morphological Reinflection (an attention for the lemma and one for the tags)',
    url: 'https://aclanthology.org/K18-3016/',
  },
  options,
} as const satisfies Part<typeof options>
