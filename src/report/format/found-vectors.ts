import type { DataCounts } from '../../data/types.js'
import { counted } from './grammar.js'
import { count } from './numbers.js'

/** `2 of 8 symbols of source`: what word-vector files have, the others begin at random. */
export function foundVectorsText(vectors: NonNullable<DataCounts['vectors']>): string {
  return Object.entries(vectors)
    .map(([side, { found, symbols }]) => `${count(found)} of ${counted(symbols, 'symbol')} of ${side}`)
    .join(', ')
}
