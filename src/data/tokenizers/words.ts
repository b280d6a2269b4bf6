import Type from 'typebox'
import { sideOptions } from './side.js'
import { defineTokenizer } from './types.js'

/** A word: letters, marks and digits, with apostrophes, hyphens, points or commas only between two of them. */
const token = /[\p{L}\p{M}\p{N}]+(?:['’\-.,][\p{L}\p{M}\p{N}]+)*|\S/gu

export const words = defineTokenizer({
  name: 'words',
  summary: 'Words, with every punctuation mark or other symbol a token of its own: "Well, don\'t!" is Well , don\'t !',
  equations: [],
  source: { paper: 'seqlab, by Unicode categories (letters, marks and numbers make words)' },
  options: Type.Object(sideOptions),
  joiner: ' ',
  build: () => (text) => text.match(token) ?? [],
})
