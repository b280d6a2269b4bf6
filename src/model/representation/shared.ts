import { SeqlabError } from '../../core/errors.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import type { Sequence, Side } from './types.js'

/** A side's symbols. Throws RangeError where the data has numbers. */
export function symbolsOf({ kind, axis }: Side, part: string): Axis {
  if (kind !== 'ids') throw new RangeError(`${part} represents symbols, and the data has numbers`)
  return axis
}

/** ids [B,S] int32. Throws RangeError where the sequence holds numbers. */
export function idsOf(sequence: Sequence, part: string): Tensor2D {
  if (!('ids' in sequence)) throw new RangeError(`${part} represents symbols, and the data has numbers`)
  return sequence.ids
}

/** Refuses symbols without a vector, naming the first of them. */
export function missingVectors(symbols: readonly string[], hint: string): SeqlabError {
  const shown = symbols.slice(0, 5).map((symbol) => JSON.stringify(symbol))
  const more = symbols.length > shown.length ? ` and ${symbols.length - shown.length} more` : ''
  return new SeqlabError('data', `No vector is given for ${shown.join(', ')}${more}`, { hint })
}
