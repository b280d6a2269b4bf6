import { SeqlabError } from '../core/errors.js'
import { attributeColumns } from '../data/encoding/attributes.js'
import { packIds, packValues } from '../data/encoding/columns.js'
import { featureSymbols } from '../data/encoding/features.js'
import { factorTexts, type TokenExample, textTokens } from '../data/encoding/tokenise.js'
import { encoder } from '../data/encoding/vocabulary.js'
import { aheadScaling } from '../data/scaling.js'
import { type Column, type Split, UNK } from '../data/types.js'
import { longestRefused } from './long-sources.js'
import type { TrainedParts } from './trained-parts.js'

/**
 * Tokens of a source at most, where the model does not cut it: a recurrent model reads them one after the other, so that more would
 * take minutes, and gigabytes where a source is read at once.
 */
const mostTokens = 2 ** 17

/**
 * A source as users have it: text, text with what is known besides, or for a forecast the steps of a window, each with a number a
 * series (and what is known ahead).
 */
export type Source = string | SourceWithMore | Window | WindowWithAhead

/** Steps, each with its numbers. */
export type Window = readonly (readonly number[])[]

/** A window, and of each step of the horizon the numbers that are known in advance. */
export interface WindowWithAhead {
  readonly window: Window
  readonly ahead: Window
}

/** A text, or its tokens; its features (text to be split at data.features.separator, or one by one); its tokens' factors. */
export interface SourceWithMore {
  readonly source: string | readonly string[]
  readonly features?: string | readonly string[]
  /** By name: a text for each token, in a list or separated by spaces. */
  readonly factors?: Readonly<Record<string, string | readonly string[]>>
}

/** Sources as the model reads them. */
export interface EncodedSources extends Pick<Split, 'source' | 'features' | 'attributes' | 'unknown' | 'ahead'> {
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
  const given = sources.map((source, at) => withMore(parts, source, at))
  const textsOf = factorTexts(parts.spec.data)
  const most = options?.maxLength ?? Number.POSITIVE_INFINITY
  const tokens = given.map(({ source }, at) => {
    const read = tokenize(source)
    if (read.length === 0) throw wrongSource(at, 'at least one token', 'none')
    refuseEndless(at, Math.min(read.length, most))
    return read
  })
  const cut = tokens.map(({ length }) => Math.max(0, length - most))
  const lengths = tokens.map(({ length }) => Math.min(length, most))
  const refused = longestRefused(parts, lengths)
  if (refused !== undefined) throw unreadable(refused.at, refused.reason)
  const rows = tokens.map((source, at): Row => {
    const { factors = {} } = given[at] ?? {}
    return { ...textsOf({ factors, where: `Source ${at + 1}` }, source), source: source.slice(0, most) }
  })
  return {
    ...encodeTokens(parts, rows),
    ...encodeFeatures(
      parts,
      given.map((each) => readers(each).features ?? []),
    ),
    cut,
  }
}

type Row = Pick<TokenExample, 'source' | 'factors'>

/** Features and factors must be there where the model reads some, and only there. */
function withMore({ description, spec }: TrainedParts, source: Source, at: number): SourceWithMore {
  const reads = description.vocabularies.features !== undefined
  const names = Object.keys(spec.data.factors ?? {})
  const needs = [
    'text',
    ...(reads ? ['features'] : []),
    ...(names.length > 0 ? [`${names.join(', ')} of each token`] : []),
  ]
  const expected = `${needs.join(' and ')}: the model was trained with some`
  if (typeof source === 'string') {
    if (needs.length > 1) throw wrongSource(at, expected, 'text alone')
    return { source }
  }
  if (!('source' in source)) throw wrongSource(at, needs.join(' and '), 'numbers')
  const { features, factors } = source
  if (reads && features === undefined) throw wrongSource(at, expected, 'no features')
  if (!reads && features !== undefined)
    throw wrongSource(at, `${needs.join(' and ')}: the model was trained without features`, 'text and features')
  const [absent] = names.filter((name) => factors === undefined || !Object.hasOwn(factors, name))
  if (absent !== undefined) throw wrongSource(at, expected, `no ${absent}`)
  const [other] = Object.keys(factors ?? {}).filter((name) => !names.includes(name))
  if (other !== undefined)
    throw wrongSource(at, `${needs.join(' and ')}: the model was trained without ${other}`, `${other} too`)
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
  refuseEndless(0, tokens.length)
  return encodeTokens(
    parts,
    Array.from({ length: times }, () => ({ source: tokens })),
  )
}

function encodeTokens({ description, spec }: TrainedParts, rows: readonly Row[]): EncodedSources {
  const tokens = rows.map(({ source }) => source)
  const { source: vocabulary, attributes = {} } = description.vocabularies
  if (vocabulary === undefined) throw new RangeError('A model of symbols has no source vocabulary')
  const source = packIds(
    tokens,
    encoder(vocabulary, () => {}),
  )
  const unknown = tokens.flat().flatMap((token, place): [number, string][] => {
    return source.data[place] === UNK ? [[place, token]] : []
  })
  const ids = Object.entries(attributes).map(([name, symbols]) => [name, encoder(symbols, () => {})] as const)
  const besides = attributeColumns(rows, spec.data, Object.fromEntries(ids))
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
  const known = aheadScaling(scaling)
  const rows = sources.map((source, at) => {
    const { window, ahead } = windowOf(source, known, at)
    return {
      window: scaledSteps(window, scaling, sizes.longestSource, { at, of: '' }),
      ahead:
        known.length === 0 ? [] : scaledSteps(ahead, known, sizes.longestTarget, { at, of: ' of what is known ahead' }),
    }
  })
  return {
    source: packValues(
      rows.map(({ window }) => window),
      scaling.length,
    ),
    ...(known.length > 0 && {
      ahead: packValues(
        rows.map(({ ahead }) => ahead),
        known.length,
      ),
    }),
    tokens: [],
    cut: sources.map(() => 0),
  }
}

/** What is known ahead must be there where the model reads it, and only there. */
function windowOf(source: Source, known: Scaling, at: number): WindowWithAhead {
  if (typeof source === 'string' || 'source' in source) throw wrongSource(at, 'the steps of a window', 'text')
  const names = known.map(({ name }) => name).join(', ')
  if (!('window' in source)) {
    if (known.length > 0) throw wrongSource(at, `a window, and what is known ahead (${names})`, 'a window alone')
    return { window: source, ahead: [] }
  }
  if (known.length === 0) throw wrongSource(at, 'a window: the model knows nothing ahead', 'a window and more')
  return source
}

type Scaling = NonNullable<TrainedParts['description']['scaling']>

interface Part {
  readonly at: number
  /** Where steps are counted that are not the window's. */
  readonly of: string
}

function scaledSteps(steps: Window, scaling: Scaling, count: number, part: Part): number[] {
  if (steps.length !== count) throw wrongSource(part.at, `${count} steps${part.of}`, `${steps.length}`)
  return steps.flatMap((step, index) => scaledStep(step, scaling, part, index))
}

function scaledStep(step: readonly number[], scaling: Scaling, { at, of }: Part, index: number): number[] {
  const where = `at step ${index + 1}${of}`
  if (step.length !== scaling.length) {
    const names = scaling.map(({ name }) => name).join(', ')
    throw wrongSource(at, `a number for each series (${names})`, `${step.length} ${where}`)
  }
  return scaling.map(({ mean, scale }, series) => {
    const value = step[series]
    if (!Number.isFinite(value)) throw wrongSource(at, 'finite numbers', `${value} ${where}`)
    return ((value ?? 0) - mean) / scale
  })
}

function refuseEndless(at: number, tokens: number): void {
  if (tokens <= mostTokens) return
  throw wrongSource(at, `at most ${mostTokens} tokens (divide the text)`, `${tokens}`)
}

function wrongSource(at: number, expected: string, received: string): SeqlabError {
  return unreadable(at, `expected ${expected}, received ${received}`)
}

function unreadable(at: number, reason: string): SeqlabError {
  return new SeqlabError('data', `Source ${at + 1} cannot be read: ${reason}`)
}

/** How many symbols of a row the model does not know. */
export function unknownIn({ kind, data, offsets }: Column, row: number): number {
  if (kind !== 'ids') return 0
  return data.subarray(offsets[row], offsets[row + 1]).filter((id) => id === UNK).length
}
