import Type from 'typebox'
import { wordMark } from '../../core/pieces.js'
import { subwordTokenizer } from './subwords/encode.js'
import { learnBpe } from './subwords/learn-bpe.js'
import { learnedOptions } from './subwords/options.js'
import { defineTokenizer } from './types.js'

export const bpe = defineTokenizer({
  name: 'bpe',
  summary: 'Pieces of words by byte pair encoding, learned from the training split.',
  equations: [
    'a, b = argmax_ab count(ab)   (neighbours within words of the training split; of equal ones the lowest ids)',
    'V = V ∪ {ab}, until |V| = vocabularySize',
  ],
  source: {
    paper: 'Sennrich et al. 2016, Neural Machine Translation of Rare Words with Subword Units',
    equation: 'algorithm 1; spaces as in sentencepiece (Kudo & Richardson 2018)',
    url: 'https://aclanthology.org/P16-1162/',
  },
  options: Type.Object(learnedOptions),
  joiner: wordMark,
  learn: learnBpe,
  build: ({ normalise }, state) => subwordTokenizer(state, normalise),
})
