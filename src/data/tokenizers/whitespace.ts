import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import type { Tokenizer } from '../parts.js'

export const whitespace: Tokenizer<typeof noOptions, Static<typeof noOptions>> = {
  name: 'whitespace',
  summary: 'Tokens stand between spaces.',
  equations: [],
  source: { paper: 'Standard practice' },
  options: noOptions,
  joiner: ' ',
  tokenize: (_, text) => text.split(/\s+/u).filter((token) => token !== ''),
}
