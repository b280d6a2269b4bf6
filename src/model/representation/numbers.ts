import { noOptions } from '../../core/part.js'
import { defineRepresentation, representation } from './types.js'

export const numbers = defineRepresentation({
  name: 'numbers',
  summary: 'The numbers of a series, scaled as data.source sets.',
  equations: ['x_t = values_t'],
  symbols: {
    x_t: ['E'],
    values_t: ['E'],
  },
  source: { paper: 'Standard practice' },
  options: noOptions,
  accepts: 'values',
  build: (_, side) => {
    if (side.kind !== 'values') throw new RangeError('numbers represents numbers, and the data has symbols')
    return representation({
      parameters: {},
      output: side.axis,
      /** values [B,S,F] -> the same. */
      embed: (_, sequence) => {
        if (!('values' in sequence)) throw new RangeError('numbers represents numbers, and the data has symbols')
        return sequence.values
      },
    })
  },
})
