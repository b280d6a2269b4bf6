import Type, { type Static } from 'typebox'
import type { Tokenizer } from '../sources/types.js'
import { sideOptions } from './side.js'

const options = Type.Object(sideOptions)

/** A word: letters, marks and digits, with apostrophes, hyphens, points or commas only between two of them. */
const token = /[\p{L}\p{M}\p{N}]+(?:['’\-.,][\p{L}\p{M}\p{N}]+)*|\S/gu

export const words: Tokenizer<typeof options, Static<typeof options>> = {
  name: 'words',
  summary: 'Words, with every other sign a token of its own: "Well, don\'t!" is Well , don\'t !',
  equations: [],
  source: { paper: 'A form of its own, by Unicode categories (letters, marks and numbers make words)' },
  options,
  joiner: ' ',
  tokenize: (_, text) => text.match(token) ?? [],
}
