import { partSchema, registry } from '../../core/part.js'
import { bpe } from './bpe.js'
import { characters } from './characters.js'
import { unigram } from './unigram.js'
import { whitespace } from './whitespace.js'
import { words } from './words.js'

export const tokenizers = registry('tokenizer', { characters, whitespace, words, bpe, unigram })
export const TokenizerChoice = partSchema(tokenizers, { description: 'Tokenizer. Default: whitespace.' })
