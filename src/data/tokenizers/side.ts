import Type from 'typebox'

/** Preprocessing and vocabulary of one side of the data; every tokenizer takes these options. */
export const sideOptions = {
  lowercase: Type.Boolean({
    default: false,
    description: 'Whether to lowercase the text first (Unicode, locale-independent).',
  }),
  minFrequency: Type.Integer({
    minimum: 1,
    default: 1,
    description: 'Minimum training frequency of a token in the vocabulary; rarer tokens become <unk>.',
  }),
  maxSize: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: 'Maximum vocabulary size: the most frequent tokens are kept (special tokens not counted).',
    }),
  ),
  maxLength: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 4096,
      description:
        'Maximum length in tokens. Longer training examples are dropped; longer held-out ones are truncated for the model, with references kept whole; both are counted. Default: 256.',
    }),
  ),
}

export interface SideOptions {
  readonly lowercase: boolean
  readonly minFrequency: number
  readonly maxSize?: number
  readonly maxLength?: number
}
