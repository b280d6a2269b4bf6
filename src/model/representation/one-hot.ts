import { oneHot as indicators } from '../../core/ops.js'
import { noOptions } from '../../core/part.js'
import { idsOf, symbolsOf } from './shared.js'
import { defineRepresentation, representation } from './types.js'

export const oneHot = defineRepresentation({
  name: 'one-hot',
  summary: 'A vector of the size of the vocabulary: 1 at the symbol, 0 elsewhere.',
  equations: ['x_t = 1 at place id_t, 0 elsewhere'],
  symbols: {
    x_t: ['V'],
  },
  source: { paper: 'Elman 1990, Finding Structure in Time', equation: 'table 5' },
  options: noOptions,
  accepts: 'ids',
  build: (_, side) => {
    const output = symbolsOf(side, 'one-hot')
    return representation({
      parameters: {},
      output,
      /** ids [B,S] int32 -> [B,S,V]. */
      embed: (_, sequence) => indicators(idsOf(sequence, 'one-hot'), output.size),
    })
  },
})
