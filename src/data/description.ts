import type { DataOptions } from './options.js'
import type { Dataset, LearnedTokens, SeriesScaling, Vocabulary } from './types.js'

/** How text becomes tokens: the options of `data`. */
export type TokenOptions = Pick<DataOptions, 'sourceTokens' | 'targetTokens'>

/** What a model's numbers are about: the symbols, labels and series of the data that it was trained on. */
export interface DataDescription {
  /** Symbols or labels by id; where the source is its own target there is one alone. */
  readonly vocabularies: {
    readonly source?: Vocabulary
    readonly target?: Vocabulary
    readonly features?: Vocabulary
    /** Of what tokens have besides (their characters), by name. */
    readonly attributes?: Readonly<Record<string, Vocabulary>>
  }
  readonly tokenizers: { readonly source?: Tokenization; readonly target?: Tokenization }
  readonly joiners: Dataset['joiners']
  readonly scaling?: readonly SeriesScaling[]
  /** What tokenizers of pieces learned or read. */
  readonly learned?: LearnedTokens
  /** Versions of ICU and Unicode, where they decided what a token is. */
  readonly segmentation?: string
}

/** A tokenizer's name and options. */
export interface Tokenization {
  readonly type: string
  readonly [option: string]: unknown
}

export function vocabulariesOf({
  sourceVocabulary,
  targetVocabulary,
  featureVocabulary,
  attributeVocabularies,
}: Pick<
  Dataset,
  'sourceVocabulary' | 'targetVocabulary' | 'featureVocabulary' | 'attributeVocabularies'
>): DataDescription['vocabularies'] {
  return {
    ...(sourceVocabulary && { source: sourceVocabulary }),
    ...(targetVocabulary && { target: targetVocabulary }),
    ...(featureVocabulary && { features: featureVocabulary }),
    ...(attributeVocabularies && { attributes: attributeVocabularies }),
  }
}

/** Every vocabulary by its name: of the sides, of features, and of what tokens have besides. What else a file has is none. */
export function vocabulariesByName({
  source,
  target,
  features,
  attributes,
}: DataDescription['vocabularies']): Readonly<Record<string, Vocabulary>> {
  // Sides come last: they are what they are whatever a file calls its attributes.
  return { ...attributes, ...(source && { source }), ...(target && { target }), ...(features && { features }) }
}

export function describeData(dataset: Dataset, { sourceTokens, targetTokens }: TokenOptions): DataDescription {
  const { joiners, scaling, segmentation, learned } = dataset
  return {
    vocabularies: vocabulariesOf(dataset),
    tokenizers: { ...(sourceTokens && { source: sourceTokens }), ...(targetTokens && { target: targetTokens }) },
    joiners,
    ...(scaling && { scaling }),
    ...(segmentation && { segmentation }),
    ...(learned && { learned }),
  }
}
