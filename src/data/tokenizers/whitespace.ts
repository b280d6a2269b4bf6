import Type from 'typebox'
import { normalised, sideOptions } from './side.js'
import { defineTokenizer } from './types.js'

export const whitespace = defineTokenizer({
  name: 'whitespace',
  summary: 'Tokens are separated by whitespace. Tokens that a source itself keeps apart stay whole.',
  equations: [],
  source: { paper: 'Standard practice' },
  options: Type.Object(sideOptions),
  joiner: ' ',
  keepsTokens: true,
  build:
    ({ normalise }) =>
    (text) =>
      normalised(text, normalise)
        .split(/\s+/u)
        .filter((token) => token !== ''),
})
