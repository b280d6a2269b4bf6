import type { TagFacts } from '../core/tags.js'
import { type Axis, units } from './axes.js'
import type { LabelNames } from './heads/types.js'
import type { KnownSymbols, Side, SymbolSpace } from './representation/types.js'

/** What a model's sizes follow from: known from the data (or given by `explain --vocab`). */
export interface ModelSizes {
  readonly source: SymbolSpace
  readonly target: SymbolSpace
  /** The longest source in the data, for parts that need it. */
  readonly longestSource: number
  readonly longestTarget: number
  /** Numbers a step of the horizon that are known in advance, where there are some. */
  readonly ahead?: number
  /** What features there are, and how many an example has at most (of train and dev; at least 1). */
  readonly features?: Listed
  /** By name: what a token has besides (its characters, its factors), and how many of them at most (of train and dev; at least 1). */
  readonly attributes?: Readonly<Record<string, Listed>>
  /** How the training data write tags, where each token has one. */
  readonly tags?: TagFacts
  /** The id of what the target vocabulary lacks, for heads that copy symbols of the source. */
  readonly unknown?: number
  readonly known?: {
    readonly source?: KnownSymbols
    readonly target?: KnownSymbols
    readonly features?: KnownSymbols
    readonly factors?: Readonly<Record<string, KnownSymbols>>
  }
}

/** Symbols of which an example, or a token, has a list: how many there are, and the longest list. */
export interface Listed {
  readonly vocabulary: number
  readonly longest: number
  /** Of a factor: whether a token has any number of values, and not one. */
  readonly several?: boolean
}

/** One side with its axis: V_s and V_t for symbols, F_s and F_t for the numbers of a step. */
export function sideOf(sizes: ModelSizes, side: 'source' | 'target'): Side {
  const space = sizes[side]
  const known = sizes.known?.[side]
  const letter = side === 'source' ? 's' : 't'
  const more = known === undefined ? {} : { known }
  if ('width' in space) {
    return { kind: 'values', axis: { ...units(`F_${letter}`, space.width), index: 'series' }, ...more }
  }
  return { kind: 'ids', axis: { ...units(`V_${letter}`, space.vocabulary), index: `${side} symbols` }, ...more }
}

/** The features with their axis, V_f. Throws RangeError where the data has none. */
export function featureSideOf({ features, known }: ModelSizes): Side {
  if (features === undefined) throw new RangeError('The model reads features, and the data have none')
  const axis: Axis = { ...units('V_f', features.vocabulary), index: 'features' }
  return { kind: 'ids', axis, ...(known?.features && { known: known.features }) }
}

/** What tokens have besides themselves, with its axis: V_c for characters. Throws RangeError where the data has none. */
export function attributeSideOf({ attributes }: ModelSizes, name: TokenAttribute): Side & Pick<Listed, 'longest'> {
  const listed = attributes?.[name]
  if (listed === undefined) throw new RangeError(`The model reads ${name}, and the data have none`)
  const axis: Axis = { ...units(attributeAxes[name], listed.vocabulary), index: name }
  return { kind: 'ids', axis, longest: listed.longest }
}

/** A factor of tokens with its axis, V_name. Throws RangeError where the data has none of that name. */
export function factorSideOf(
  { attributes, known }: ModelSizes,
  name: string,
): Side & Pick<Listed, 'longest' | 'several'> {
  const listed = attributes !== undefined && Object.hasOwn(attributes, name) ? attributes[name] : undefined
  if (listed === undefined) throw new RangeError(`The model reads the factor ${name}, and the data have none`)
  const { vocabulary, longest, several = false } = listed
  const axis: Axis = { ...units(`V_${name}`, vocabulary), index: `factor ${name}` }
  const symbols = known?.factors?.[name]
  return { kind: 'ids', axis, longest, several, ...(symbols && { known: symbols }) }
}

/** K: how many values a token has at most of those of these factors that may have several; all are padded to as many. */
export function factorPlaces({ attributes = {} }: Pick<ModelSizes, 'attributes'>): number {
  return Math.max(1, ...Object.values(attributes).map(({ longest, several }) => (several === true ? longest : 1)))
}

/** What tokens may have besides themselves, and what the axis of its symbols is called. */
export const attributeAxes = { characters: 'V_c' } as const
export type TokenAttribute = keyof typeof attributeAxes

/** The labels that a classifier or tagger chooses from. Throws RangeError where the target has numbers. */
export function labelsOf({ target }: ModelSizes): Axis {
  if (!('vocabulary' in target)) throw new RangeError('The target has numbers, not labels')
  return { name: 'V_t', size: target.vocabulary, index: 'labels' }
}

/** What those labels are called, where that is known. */
export function labelNamesOf({ known, tags }: ModelSizes): LabelNames | undefined {
  const symbols = known?.target?.symbols
  return symbols && { symbols, ...(tags && { tags }) }
}
