import { expandDims, mul, oneHot, sum, tile } from '../../core/ops.js'
import { noOptions } from '../../core/part.js'
import { idsOf, symbolsOf } from './shared.js'
import { defineRepresentation, representation } from './types.js'

export const bagOfWords = defineRepresentation({
  name: 'bag-of-words',
  summary: 'Counts of each symbol in the whole sequence, the same at every step: order is ignored.',
  equations: ['x_t = at place i the number of steps s with id_s = i'],
  symbols: {
    x_t: ['V'],
  },
  source: { paper: 'Harris 1954, Distributional Structure', url: 'https://doi.org/10.1080/00437956.1954.11659520' },
  options: noOptions,
  accepts: 'ids',
  wholeSequence: true,
  build: (_, side) => {
    const output = symbolsOf(side, 'bag-of-words')
    return representation({
      parameters: {},
      output,
      /** ids [B,S] int32, padding not counted -> [B,S,V]. */
      embed: (_, sequence) => {
        const ids = idsOf(sequence, 'bag-of-words')
        const each = oneHot(ids, output.size)
        const counts = sum(mul(each, expandDims(sequence.mask, 2)), 1, true)
        return tile(counts, [1, ids.shape[1], 1])
      },
    })
  },
})
