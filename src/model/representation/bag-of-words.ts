import type { Static } from 'typebox'
import { noOptions } from '../../core/part.js'
import { type Tensor3D, tf } from '../../core/tf.js'
import type { Representation } from '../types.js'
import { idsOf, vocabularyOf } from './shared.js'

export const bagOfWords: Representation<typeof noOptions, Static<typeof noOptions>> = {
  name: 'bag-of-words',
  summary: 'How often each symbol stands in the sequence, the same at every step: order is lost.',
  equations: ['x_t = at place i the number of steps s with id_s = i'],
  symbols: {
    x_t: ['V'],
  },
  source: { paper: 'Harris 1954, Distributional Structure', url: 'https://doi.org/10.1080/00437956.1954.11659520' },
  options: noOptions,
  accepts: 'ids',
  wholeSequence: true,
  size: (_, space) => vocabularyOf(space, 'bag-of-words'),
  parameters: () => ({}),
  /** ids [B,S] int32, padding not counted -> [B,S,V]. */
  embed: (_, __, sequence, space) => {
    const ids = idsOf(sequence, 'bag-of-words')
    const each = tf.oneHot(ids, vocabularyOf(space, 'bag-of-words'), 1, 0, 'float32')
    const counts = tf.sum(tf.mul(each, tf.expandDims(sequence.mask, 2)), 1, true)
    return tf.tile(counts, [1, ids.shape[1], 1]) as Tensor3D
  },
}
