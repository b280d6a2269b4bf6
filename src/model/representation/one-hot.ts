import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import { type Tensor3D, tf } from '../../core/tf.js'
import type { Representation } from '../types.js'
import { idsOf, vocabularyOf } from './shared.js'

export const oneHot: Representation<typeof noOptions, Static<typeof noOptions>> = {
  name: 'one-hot',
  summary: 'A vector as long as the vocabulary: 1 at the symbol, 0 elsewhere.',
  equations: ['x_t = 1 at place id_t, 0 elsewhere'],
  symbols: {
    x_t: ['V'],
  },
  source: { paper: 'Elman 1990, Finding Structure in Time', equation: 'table 5' },
  options: noOptions,
  accepts: 'ids',
  size: (_, space) => vocabularyOf(space, 'one-hot'),
  parameters: () => ({}),
  /** ids [B,S] int32 -> [B,S,V]. */
  embed: (_, __, sequence, space) =>
    tf.oneHot(idsOf(sequence, 'one-hot'), vocabularyOf(space, 'one-hot'), 1, 0, 'float32') as unknown as Tensor3D,
}
