import Type from 'typebox'
import { SeqlabError } from '../../core/errors.js'
import { lookUp, transpose } from '../../core/ops.js'
import { partSchema, sizeSchema } from '../../core/part.js'
import { units } from '../axes.js'
import { initialisers } from '../initialisers.js'
import { type Initialiser, parameter } from '../parameters.js'
import { idsOf, symbolsOf } from './shared.js'
import { defineRepresentation, type KnownSymbols, representation } from './types.js'

const options = Type.Object({
  size: sizeSchema('Embedding dimension.', { default: 64 }),
  start: Type.Union([Type.Literal('random'), Type.Literal('vectors')], {
    default: 'random',
    description:
      'Initial vectors: random, or from the word-vector file in data.vectors (random for symbols that it lacks).',
  }),
  frozen: Type.Boolean({ default: false, description: 'Whether the vectors stay fixed during training.' }),
  initialiser: Type.Optional(
    partSchema(initialisers, { description: 'How random vectors start; without it normal with a deviation of 0.1.' }),
  ),
})

export const embedding = defineRepresentation({
  name: 'embedding',
  summary: 'A learned vector for each symbol, initialised randomly or from a word-vector file.',
  equations: ['x_t = W[id_t]'],
  symbols: {
    x_t: ['E'],
    W: ['V', 'E'],
  },
  source: {
    paper: 'Bengio et al. 2003, A Neural Probabilistic Language Model',
    url: 'https://www.jmlr.org/papers/v3/bengio03a.html',
  },
  options,
  accepts: 'ids',
  build: ({ size, start, frozen, initialiser }, side) => {
    const output = units('E', size)
    const symbols = symbolsOf(side, 'embedding')
    const choose = initialisers.build(initialiser ?? { type: 'standard' })
    const random = choose({ type: 'normal', deviation: 0.1 }, [symbols.size, size])
    const init: Initialiser =
      start === 'random' ? random : { type: 'given', values: fileVectors(size, side.known), missing: random }
    return representation({
      parameters: { table: parameter([symbols, output], init, { frozen }) },
      output,
      /** ids [B,S] int32 -> [B,S,E], looked up step by step: that is the order in which layers read, which turn it back. */
      embed: ({ table }, sequence) => transpose(lookUp(table, transpose(idsOf(sequence, 'embedding'))), [1, 0, 2]),
    })
  },
})

/** [V * size]. A model that is only described knows no symbols yet, and gets no values to start from. */
function fileVectors(size: number, known: KnownSymbols | undefined): Float32Array {
  if (known === undefined) return new Float32Array(0)
  const { vectors } = known
  if (vectors === undefined) {
    const hint = 'Name one in data.vectors.source (or target), or set start: random'
    throw new SeqlabError('spec', 'An embedding starts from vectors, but data.vectors has no word-vector file', {
      hint,
    })
  }
  if (vectors.width !== size) {
    const hint = `Set the embedding's size to ${vectors.width}`
    throw new SeqlabError('spec', `The word vectors have ${vectors.width} numbers, the embedding ${size}`, { hint })
  }
  return vectors.data
}
