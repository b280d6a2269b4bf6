import { SeqlabError } from '../../core/errors.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Sequence, SymbolSpace } from '../types.js'

/** V. Throws RangeError where the data has numbers. */
export function vocabularyOf(space: SymbolSpace, part: string): number {
  if (!('vocabulary' in space)) throw new RangeError(`${part} represents symbols, and the data has numbers`)
  return space.vocabulary
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
