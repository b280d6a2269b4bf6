import { type Axis, units } from './axes.js'
import type { KnownSymbols, Side, SymbolSpace } from './representation/types.js'

/** What a model's sizes follow from: known from the data (or given by `explain --vocab`). */
export interface ModelSizes {
  readonly source: SymbolSpace
  readonly target: SymbolSpace
  /** The longest source in the data, for parts that need it. */
  readonly longestSource: number
  readonly longestTarget: number
  /** The id of what the target vocabulary lacks, for heads that copy symbols of the source. */
  readonly unknown?: number
  readonly known?: { readonly source?: KnownSymbols; readonly target?: KnownSymbols }
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

/** The labels that a classifier or tagger chooses from. Throws RangeError where the target has numbers. */
export function labelsOf({ target }: ModelSizes): Axis {
  if (!('vocabulary' in target)) throw new RangeError('The target has numbers, not labels')
  return { name: 'V_t', size: target.vocabulary, index: 'labels' }
}
