import Type from 'typebox'

/** Preprocessing and vocabulary of one side of the data; every tokenizer takes these options. */
export const sideOptions = {
  lowercase: Type.Boolean({
    default: false,
    description: 'Whether to lowercase the text first (Unicode, locale-independent).',
  }),
  normalise: Type.Union([Type.Literal('none'), Type.Literal('NFC'), Type.Literal('NFD')], {
    default: 'none',
    description:
      'Unicode normalisation before splitting. Without it, the composed and the decomposed form of a letter are different symbols.',
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

export type Normalisation = 'none' | 'NFC' | 'NFD'

/** Text in the chosen normalisation form (UAX 15). */
export function normalised(text: string, form: Normalisation): string {
  return form === 'NFC' || form === 'NFD' ? text.normalize(form) : text
}

export interface SideOptions {
  readonly lowercase: boolean
  readonly normalise: Normalisation
  readonly minFrequency: number
  readonly maxSize?: number
  readonly maxLength?: number
}
