import { partSchema, registry } from '../../core/part.js'
import { characters } from './characters.js'
import { whitespace } from './whitespace.js'

export const tokenizers = registry('tokenizer', { characters, whitespace })
export const TokenizerChoice = partSchema(tokenizers, {
  default: 'whitespace',
  description: 'How text becomes tokens.',
})
