import Type from 'typebox'
import { type Part, partSchema } from '../../core/part.js'
import { formers } from '../context/index.js'

const options = Type.Object({
  summary: partSchema(formers, {
    default: 'all-states',
    description: 'How one vector is formed of the features: as a fixed C is formed of a source.',
  }),
})

/** Features as one vector next to C. */
export const contextJoin = {
  name: 'context',
  summary: 'One vector of all features is concatenated to C (tag: to the output at each step).',
  equations: ["C' = [C; f], which takes the place of C", 'f = all-states, last-state or transform of the features'],
  symbols: {
    f: ['G'],
  },
  source: {
    paper:
      'Faruqui et al. 2016, Morphological Inflection Generation Using Character Sequence to Sequence Learning (a vector of the features next to that of the lemma)',
    url: 'https://aclanthology.org/N16-1077/',
  },
  options,
} as const satisfies Part<typeof options>
