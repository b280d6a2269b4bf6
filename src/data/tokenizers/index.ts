import { partSchema, registry } from '../../core/part.js'
import { characters } from './characters.js'
import { whitespace } from './whitespace.js'
import { words } from './words.js'

export const tokenizers = registry('tokenizer', { characters, whitespace, words })
export const TokenizerChoice = partSchema(tokenizers, { description: 'Tokenizer. Default: whitespace.' })
