import Type from 'typebox'
import { wordMark } from '../../core/pieces.js'
import { subwordTokenizer } from './subwords/encode.js'
import { learnUnigram } from './subwords/learn-unigram.js'
import { learnedOptions } from './subwords/options.js'
import { defineTokenizer } from './types.js'

export const unigram = defineTokenizer({
  name: 'unigram',
  summary: 'Pieces of words by a unigram language model, learned from the training split.',
  equations: [
    'z = argmax_z Σ_i ln p(z_i)   (z: pieces that make the text)',
    'p = argmax_p Σ_x ln Σ_z Π_i p(z_i)   (x: words of the training split; by expectation maximisation)',
    'V = V without the pieces whose loss costs the likelihood least, until |V| = vocabularySize',
  ],
  source: {
    paper: 'Kudo 2018, Subword Regularization',
    equation: 'section 3.2; spaces as in sentencepiece (Kudo & Richardson 2018)',
    url: 'https://aclanthology.org/P18-1007/',
  },
  options: Type.Object(learnedOptions),
  joiner: wordMark,
  learn: learnUnigram,
  build: ({ normalise }, state) => subwordTokenizer(state, normalise),
})
