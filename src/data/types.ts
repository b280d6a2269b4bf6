import type { TagFacts } from '../core/tags.js'
import type { TrueAlignment } from './alignment.js'
import type { SubwordState } from './tokenizers/subwords/state.js'

export type SetName = 'train' | 'dev' | 'test'

/** The seed of splits, subsets and generated examples where the author gave none. */
export const splitSeed = 13

/**
 * One column of a split as packed rows: row i is elements offsets[i] .. offsets[i+1] (times `width` for numbers).
 * Buffers may be SharedArrayBuffers, so that worker threads share them.
 */
export type Column =
  | { readonly kind: 'ids'; readonly data: Int32Array; readonly offsets: Int32Array }
  | { readonly kind: 'values'; readonly data: Float32Array; readonly offsets: Int32Array; readonly width: number }

/** Id of each special symbol, the same in every vocabulary that has specials. Padding is 0, so that zeros are padding. */
export const PAD = 0
export const BOS = 1
export const EOS = 2
export const UNK = 3

/** How they are written, by id. A token of the data that is spelt like one is an unknown token. */
export const specialSymbols = ['<pad>', '<bos>', '<eos>', '<unk>'] as const

/** What the two sides of an example are under a task. */
export interface Sides {
  readonly source: 'tokens' | 'values'
  /** `labels`: one per source token; `label`: one per source, its whole text; `none`: the source is its own target. */
  readonly target: 'tokens' | 'labels' | 'label' | 'values' | 'none'
}

/** In a target column: a label that is not in the training set. It has no id, so it is masked out of losses. */
export const UNSEEN_LABEL = -1

/** Symbols by id. `specials` is false for label sets, whose ids start at 0. */
export interface Vocabulary {
  readonly symbols: readonly string[]
  readonly specials: boolean
}

/**
 * Examples of one split. `source` and `target` have `size` rows, without bos and eos. What the target means is the
 * task's: a sequence (transduce, generate, language-model), one tag per source token (tag), a single label (classify), the
 * horizon's values (forecast). A language model has no separate source: source and target are the same column.
 */
export interface Split {
  readonly size: number
  readonly source: Column
  readonly target: Column
  /** Of the windows of a series that are held out. */
  readonly exact?: ExactNumbers
  /** What is known of each example besides its source: an inflection's tags. As many rows; a row may be empty. */
  readonly features?: Column
  /** Of a forecast: the horizon's numbers of what is known in advance. */
  readonly ahead?: Column
  /** What each token of the source has besides (its characters, its factors), by name: a row for each element of `source.data`. */
  readonly attributes?: Readonly<Record<string, Column>>
  /**
   * For evaluation: every reference of example i is rows referenceOffsets[i] .. referenceOffsets[i+1] of `references`
   * (several pronunciations of one word). Absent in training splits, where each reading is an example of its own.
   */
  readonly references?: { readonly texts: readonly (readonly string[])[]; readonly offsets: Int32Array }
  /** The tokens as written, before unknown symbols became unk; evaluation splits only. */
  readonly sourceTexts?: readonly (readonly string[])[]
  readonly featureTexts?: readonly (readonly string[])[]
  /** Which source tokens those of the (first) reference go with, where that is known; evaluation splits only. */
  readonly alignments?: readonly (TrueAlignment | undefined)[]
  /** By place in `source.data` and `target.data`: tokens as written that became unk, for heads that copy. */
  readonly unknown?: Readonly<Record<'source' | 'target', ReadonlyMap<number, string>>>
}

/**
 * What forecasts are scored by: numbers as their file has them, neither scaled nor in float32, in the places of the target's.
 * A model reads and learns from the columns alone.
 */
export interface ExactNumbers {
  readonly reference: Float64Array
  /** The values one season before; absent where windows are shorter than that. */
  readonly naive?: Float64Array
}

/** What happened to the data on the way in; stated in the report, never silent. */
export interface DataCounts {
  readonly read: number
  readonly kept: { readonly train: number; readonly dev: number; readonly test: number }
  /** Why examples were left out, by reason (`source longer than 30`, `empty target`, ...). */
  readonly dropped: Readonly<Record<string, number>>
  /** Held-out examples that the model sees only the beginning of (`dev source longer than 30`, ...); references stay whole. */
  readonly cut: Readonly<Record<string, number>>
  /** Held-out examples whose source is in the training set too, by split: none where a split by seed kept sources together. */
  readonly seenInTraining?: Readonly<Record<string, number>>
  /** Held-out sets in which equal sources were made one example with several references, by split. */
  readonly merged?: Readonly<Record<string, Merged>>
  /** What word-vector files have, by side. */
  readonly vectors?: Readonly<Partial<Record<'source' | 'target', FoundVectors>>>
  /** Tokens that the training vocabulary does not have, by split and side (`dev source`, ...). */
  readonly unknownTokens: Readonly<Record<string, number>>
  /** Those of them that it has in another Unicode form (`dev source`, ...): `normalise` would make them known. */
  readonly otherForm?: Readonly<Record<string, number>>
  /** By file: what it seems to be, and which source reads it, where another one has read it without an error; or that its header may be none. */
  readonly otherKind?: Readonly<Record<string, string>>
  /** Missing values of series that are the last number before them. */
  readonly carried?: Readonly<Record<string, number>>
  /** Series of which float32 loses a notable share of the changes from step to step in training, once they are scaled. */
  readonly lostChanges?: Readonly<Record<string, LostChanges>>
  /** Examples that may not have been read as they were meant, by what makes one doubt it: how many, and where the first is. */
  readonly doubted?: Readonly<Record<string, Doubted>>
  /** How training writes tags, where there is one for each token. */
  readonly tags?: TagFacts
}

/** How many values of a series differ from the value before, and how many of these are the same once scaled, in float32. */
export interface LostChanges {
  readonly changes: number
  readonly lost: number
}

/** Of how many symbols of a vocabulary, without the special ones, a file of word vectors has a vector. */
export interface FoundVectors {
  readonly found: number
  readonly symbols: number
}

/** How many examples of a set were read, and how many are left of them. */
export interface Merged {
  readonly read: number
  readonly examples: number
  /** Where an example has one label: those with several different ones. */
  readonly severalLabels?: number
}

export interface Doubted {
  readonly examples: number
  /** `words.tsv:17`. */
  readonly first: string
}

/** scaled = (value - mean) / scale, from the training part alone. */
export interface SeriesScaling {
  readonly name: string
  readonly mean: number
  readonly scale: number
  /** Mean absolute error of the (seasonal) naive forecast within the training part, in the series' own unit: what MASE divides by. */
  readonly naiveError: number
  /** Steps between a value and its naive forecast; 1 where it is absent. */
  readonly season?: number
  /** What the series is read for, where it is not forecast: it comes after those that are. */
  readonly role?: 'input' | 'known-ahead'
}

/** sha-256 (hex): training reads nothing but what the first is of, so another test split leaves it as it is. */
export interface DatasetDigests {
  /** Of vocabularies, widths, word vectors, scaling, joiners and the encoded train and dev splits. */
  readonly training: string
  /** Of what evaluations alone read: the encoded test split, and true alignments. */
  readonly test: string
}

export function sameDigests(left: DatasetDigests, right: DatasetDigests): boolean {
  return left.training === right.training && left.test === right.test
}

export interface Dataset {
  readonly digests: DatasetDigests
  readonly sourceVocabulary?: Vocabulary
  readonly targetVocabulary?: Vocabulary
  readonly featureVocabulary?: Vocabulary
  /** Of what tokens have besides, by name. */
  readonly attributeVocabularies?: Readonly<Record<string, Vocabulary>>
  /** How factors of tokens were read, by name; those with a separator have any number of values a token, others one. */
  readonly factors?: Readonly<Record<string, { readonly separator?: string }>>
  /** Numbers per step of source and target, where they are values. */
  readonly sourceWidth?: number
  readonly targetWidth?: number
  /** How tokens are joined again for people: '' for characters, ' ' for words, `▁` for pieces of words (core/pieces). */
  readonly joiners: { readonly source: string; readonly target: string }
  /** What tokenizers of pieces learned from the training split, or read from a file. */
  readonly learned?: LearnedTokens
  /** Versions of ICU and Unicode, where they decide what a token is. */
  readonly segmentation?: string
  /** What word-vector files have for the vocabularies. */
  readonly vectors?: { readonly source?: WordVectors; readonly target?: WordVectors }
  /** Per series: what training values were scaled by (forecast); those that are forecast come first. */
  readonly scaling?: readonly SeriesScaling[]
  readonly train: Split
  readonly dev: Split
  readonly test: Split
  readonly counts: DataCounts
}

/** By side: what cuts its texts into pieces. */
export interface LearnedTokens {
  readonly source?: SubwordState
  readonly target?: SubwordState
}

/** A dataset before its digests are known. */
export type Encoded = Omit<Dataset, 'digests'>

/** One row per symbol of the vocabulary [V * width]; NaN where the file lacks the symbol (`missing` of them). */
export interface WordVectors {
  readonly width: number
  readonly data: Float32Array
  readonly missing: number
}
