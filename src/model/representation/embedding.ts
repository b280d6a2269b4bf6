import Type, { type Static } from 'typebox'
import { sizeSchema } from '../../core/part.js'
import { type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import type { Initialiser, Representation } from '../types.js'
import { idsOf, vocabularyOf } from './shared.js'

const options = Type.Object({
  size: sizeSchema('Numbers a symbol.', { default: 64 }),
  file: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'A text file of word vectors (a symbol and its numbers a line) that the vectors start from; symbols that it lacks start at random.',
    }),
  ),
  frozen: Type.Boolean({ default: false, description: 'Whether the vectors stay as they start.' }),
})

export const embedding: Representation<typeof options, Static<typeof options>> = {
  name: 'embedding',
  summary: 'A learned vector for each symbol, from a random start or from a word-vector file.',
  equations: ['x_t = W[id_t]'],
  source: {
    paper: 'Bengio et al. 2003, A Neural Probabilistic Language Model',
    url: 'https://www.jmlr.org/papers/v3/bengio03a.html',
  },
  options,
  accepts: 'ids',
  size: ({ size }) => size,
  parameters: ({ size, file, frozen }, space, known) => {
    const random: Initialiser = { type: 'normal', deviation: 0.1 }
    // A model that is only described has no vectors yet; initialising it would fail on the empty array.
    const values = known?.vectors ?? new Float32Array(0)
    const init: Initialiser = file === undefined ? random : { type: 'given', values, missing: random }
    return {
      table: { shape: [vocabularyOf(space, 'embedding'), size], init, decay: true, ...(frozen ? { frozen } : {}) },
    }
  },
  /** ids [B,S] int32 -> [B,S,E]. */
  embed: (_, params, sequence) =>
    tf.gather(tensor<Tensor2D>(params, 'table'), idsOf(sequence, 'embedding')) as unknown as Tensor3D,
}
