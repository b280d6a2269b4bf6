import Type, { type Static } from 'typebox'
import type { Tokenizer } from '../sources/types.js'
import { sideOptions } from './side.js'

const options = Type.Object(sideOptions)

export const whitespace: Tokenizer<typeof options, Static<typeof options>> = {
  name: 'whitespace',
  summary: 'Tokens stand between spaces.',
  equations: [],
  source: { paper: 'Standard practice' },
  options,
  joiner: ' ',
  tokenize: (_, text) => text.split(/\s+/u).filter((token) => token !== ''),
}
