import { SeqlabError } from '../core/errors.js'
import { attributeColumns } from '../data/encoding/attributes.js'
import { packIds, packValues } from '../data/encoding/columns.js'
import { featureSymbols, textTokens } from '../data/encoding/tokenise.js'
import { encoder } from '../data/encoding/vocabulary.js'
import { type Column, type Split, UNK } from '../data/types.js'
import type { TrainedParts } from './trained-parts.js'

/**
 * A source as users have it: text, text with its features (text to be split at data.features.separator, or one by one), or
 * for a forecast the steps of a window, each with a number a series.
 */
export type Source = string | SourceWithFeatures | readonly (readonly number[])[]

export interface SourceWithFeatures {
  readonly source: string
  readonly features: string | readonly string[]
}

/** Sources as the model reads them. */
export interface EncodedSources extends Pick<Split, 'source' | 'features' | 'attributes' | 'unknown'> {
  /** As written, where the model reads some. */
  readonly featureTexts?: readonly (readonly string[])[]
  /** As tokens, as written. */
  readonly tokens: readonly (readonly string[])[]
  /** How many tokens at a source's end the model was not given, because it is longer than those of training. */
  readonly cut: readonly number[]
}

/**
 * Sources as the training data were: tokenised, cut to the longest that the model was to see, scaled. Throws SeqlabError
 * 'data', with the place, for one that cannot be read.
 */
export function encodeSources(parts: TrainedParts, sources: readonly Source[]): EncodedSources {
  return parts.task.sides.source === 'values' ? encodeWindows(parts, sources) : encodeTexts(parts, sources)
}

function encodeTexts(parts: TrainedParts, sources: readonly Source[]): EncodedSources {
  const options = parts.spec.data.sourceTokens
  const tokenize = textTokens(options, parts.description.learned?.source)
  const readers = featureSymbols(parts.spec.data.features)
  const given = sources.map((source, at) => withFeatures(parts, source, at))
  const tokens = given.map(({ source }, at) => {
    const read = tokenize(source)
    if (read.length === 0) throw wrongSource(at, 'at least one token', 'none')
    return read
  })
  const most = options?.maxLength ?? Number.POSITIVE_INFINITY
  const cut = tokens.map(({ length }) => Math.max(0, length - most))
  return {
    ...encodeTokens(
      parts,
      tokens.map((row) => row.slice(0, most)),
    ),
    ...encodeFeatures(
      parts,
      given.map((each) => readers(each).features ?? []),
    ),
    cut,
  }
}

/** Features must be there where the model reads some, and only there. */
function withFeatures(
  { description }: TrainedParts,
  source: Source,
  at: number,
): Partial<SourceWithFeatures> & Pick<SourceWithFeatures, 'source'> {
  const reads = description.vocabularies.features !== undefined
  if (typeof source === 'string') {
    if (reads) throw wrongSource(at, 'text and features: the model was trained with some', 'text alone')
    return { source }
  }
  if (!('source' in source)) throw wrongSource(at, reads ? 'text and features' : 'text', 'numbers')
  if (!reads) throw wrongSource(at, 'text: the model was trained without features', 'text and features')
  return source
}

function encodeFeatures({ description }: TrainedParts, featureTexts: readonly (readonly string[])[]) {
  const { features } = description.vocabularies
  if (features === undefined) return {}
  return {
    featureTexts,
    features: packIds(
      featureTexts,
      encoder(features, () => {}),
    ),
  }
}

/** What a language model's texts begin with, so many times; it may have no token at all. */
export function encodePrompt(parts: TrainedParts, prompt: string, times: number): EncodedSources {
  const tokens = textTokens(parts.spec.data.sourceTokens, parts.description.learned?.source)(prompt)
  return encodeTokens(
    parts,
    Array.from({ length: times }, () => tokens),
  )
}

function encodeTokens({ description, spec }: TrainedParts, tokens: readonly (readonly string[])[]): EncodedSources {
  const { source: vocabulary, attributes = {} } = description.vocabularies
  if (vocabulary === undefined) throw new RangeError('A model of symbols has no source vocabulary')
  const source = packIds(
    tokens,
    encoder(vocabulary, () => {}),
  )
  const unknown = tokens.flat().flatMap((token, place): [number, string][] => {
    return source.data[place] === UNK ? [[place, token]] : []
  })
  const { characters } = attributes
  const besides = attributeColumns(tokens, spec.data, characters && { characters: encoder(characters, () => {}) })
  return {
    source,
    tokens,
    ...besides,
    unknown: { source: new Map(unknown), target: new Map() },
    cut: tokens.map(() => 0),
  }
}

function encodeWindows({ description }: TrainedParts, sources: readonly Source[]): EncodedSources {
  const { scaling = [], sizes } = description
  const rows = sources.map((source, at) => {
    if (typeof source === 'string' || 'source' in source) throw wrongSource(at, 'the steps of a window', 'text')
    if (source.length !== sizes.longestSource) {
      throw wrongSource(at, `${sizes.longestSource} steps`, `${source.length}`)
    }
    return source.flatMap((step, index) => scaledStep(step, scaling, at, index))
  })
  return { source: packValues(rows, scaling.length), tokens: [], cut: sources.map(() => 0) }
}

type Scaling = NonNullable<TrainedParts['description']['scaling']>

function scaledStep(step: readonly number[], scaling: Scaling, at: number, index: number): number[] {
  if (step.length !== scaling.length) {
    const names = scaling.map(({ name }) => name).join(', ')
    throw wrongSource(at, `a number for each series (${names})`, `${step.length} at step ${index + 1}`)
  }
  return scaling.map(({ mean, scale }, series) => {
    const value = step[series]
    if (!Number.isFinite(value)) throw wrongSource(at, 'finite numbers', `${value} at step ${index + 1}`)
    return ((value ?? 0) - mean) / scale
  })
}

function wrongSource(at: number, expected: string, received: string): SeqlabError {
  return new SeqlabError('data', `Source ${at + 1} cannot be read: expected ${expected}, received ${received}`)
}

/** How many symbols of a row the model does not know. */
export function unknownIn({ kind, data, offsets }: Column, row: number): number {
  if (kind !== 'ids') return 0
  return data.subarray(offsets[row], offsets[row + 1]).filter((id) => id === UNK).length
}
