import Type from 'typebox'
import { normalised, sideOptions } from './side.js'
import { defineTokenizer } from './types.js'

/** Whitespace other than one space between two tokens; an empty text too. */
const unevenSpace = /[^\S ]| {2}|^ | $|^$/u

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
      splitAtSpaces(normalised(text, normalise)),
})

/** What stands between the whitespace of a text. */
export function splitAtSpaces(text: string): string[] {
  // To split at single spaces takes half the time.
  if (!unevenSpace.test(text)) return text.split(' ')
  return text.split(/\s+/u).filter((token) => token !== '')
}
