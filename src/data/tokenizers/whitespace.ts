import Type from 'typebox'
import { sideOptions } from './side.js'
import { defineTokenizer } from './types.js'

export const whitespace = defineTokenizer({
  name: 'whitespace',
  summary: 'Tokens are separated by whitespace.',
  equations: [],
  source: { paper: 'Standard practice' },
  options: Type.Object(sideOptions),
  joiner: ' ',
  build: () => (text) => text.split(/\s+/u).filter((token) => token !== ''),
})
