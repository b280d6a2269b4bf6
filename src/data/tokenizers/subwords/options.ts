import Type from 'typebox'
import { sideOptions } from '../side.js'

/** Options of tokenizers whose pieces are learned from the training split. */
export const learnedOptions = {
  vocabularySize: Type.Optional(
    Type.Integer({
      minimum: 2,
      maximum: 1_000_000,
      description:
        'Pieces, special tokens not counted; an error where the training texts have fewer. Default: 8000, or as many as there are.',
    }),
  ),
  byteFallback: Type.Boolean({
    default: true,
    description:
      'Whether 256 of the pieces are the bytes of UTF-8: a character that training does not have is then its bytes, else <unk>.',
  }),
  ...sideOptions,
}
