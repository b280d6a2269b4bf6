import Type, { type Static } from 'typebox'
import { sizeSchema } from '../../core/part.js'
import { type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import type { Representation } from '../types.js'

const options = Type.Object({ size: sizeSchema('Numbers a symbol.', { default: 64 }) })

export const embedding: Representation<typeof options, Static<typeof options>> = {
  name: 'embedding',
  summary: 'A learned vector for each symbol.',
  equations: ['x_t = W[id_t]'],
  source: {
    paper: 'Bengio et al. 2003, A Neural Probabilistic Language Model',
    url: 'https://www.jmlr.org/papers/v3/bengio03a.html',
  },
  options,
  accepts: 'ids',
  size: ({ size }) => size,
  parameters: ({ size }, space) => {
    if (!('vocabulary' in space)) throw new RangeError('an embedding needs symbols, not numbers')
    return { table: { shape: [space.vocabulary, size], init: { type: 'normal', deviation: 0.1 }, decay: true } }
  },
  /** ids [B,S] int32 -> [B,S,E]. */
  embed: (_, params, sequence) => {
    if (!('ids' in sequence)) throw new RangeError('an embedding needs symbols, not numbers')
    return tf.gather(tensor<Tensor2D>(params, 'table'), sequence.ids) as unknown as Tensor3D
  },
}
