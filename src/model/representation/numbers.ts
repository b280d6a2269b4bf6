import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import type { Representation } from '../types.js'

export const numbers: Representation<typeof noOptions, Static<typeof noOptions>> = {
  name: 'numbers',
  summary: 'The numbers of the data as they are (scaled as the data says): for series.',
  equations: ['x_t = values_t'],
  symbols: {
    x_t: ['E'],
    values_t: ['E'],
  },
  source: { paper: 'Standard practice' },
  options: noOptions,
  accepts: 'values',
  size: (_, space) => {
    if (!('width' in space)) throw new RangeError('numbers represents numbers, and the data has symbols')
    return space.width
  },
  parameters: () => ({}),
  /** values [B,S,F] -> the same. */
  embed: (_, __, sequence) => {
    if (!('values' in sequence)) throw new RangeError('numbers represents numbers, and the data has symbols')
    return sequence.values
  },
}
