import { partSchema, registry } from '../../core/part.js'
import { bpe } from './bpe.js'
import { characters } from './characters.js'
import { tokenizerFile } from './tokenizer-file.js'
import { unigram } from './unigram.js'
import { whitespace } from './whitespace.js'
import { words } from './words.js'

export const tokenizers = registry('tokenizer', {
  characters,
  whitespace,
  words,
  bpe,
  unigram,
  'tokenizer-file': tokenizerFile,
})
export const TokenizerChoice = partSchema(tokenizers, { description: 'Tokenizer. Default: whitespace.' })
