import Type from 'typebox'

/** What is done to one side of the data besides splitting it into tokens; every tokenizer takes these. */
export const sideOptions = {
  lowercase: Type.Boolean({
    default: false,
    description: 'Whether text is put in lower case first (Unicode, no locale).',
  }),
  minFrequency: Type.Integer({
    minimum: 1,
    default: 1,
    description: 'A token seen less often in training is not in the vocabulary: it becomes <unk>.',
  }),
  maxSize: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: 'At most so many tokens in the vocabulary, the most frequent ones (specials not counted).',
    }),
  ),
  maxLength: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 4096,
      description:
        'Training examples with more tokens are left out; held-out ones are cut for the model, their references stay whole; both are counted. 256 where not given.',
    }),
  ),
}

export interface SideOptions {
  readonly lowercase: boolean
  readonly minFrequency: number
  readonly maxSize?: number
  readonly maxLength?: number
}
