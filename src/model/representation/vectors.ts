import Type, { type Static } from 'typebox'
import { type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import type { KnownSymbols, Representation } from '../types.js'
import { idsOf, missingVectors, vocabularyOf } from './shared.js'

const options = Type.Object({
  vectors: Type.Record(Type.String(), Type.Array(Type.Number(), { minItems: 1, maxItems: 65_536 }), {
    minProperties: 1,
    description: 'The vector of each symbol: all of one length.',
  }),
})

type Given = Readonly<Record<string, readonly number[]>>

/** Special symbols (<pad>, <bos>, ...) need no vector: they are zeros. */
const special = /^<(pad|bos|eos|unk)>$/

export const vectors: Representation<typeof options, Static<typeof options>> = {
  name: 'vectors',
  summary: 'Vectors given in the spec, never trained: for examples worked out by hand.',
  equations: ['x_t = vectors[symbol_t]'],
  symbols: {
    x_t: ['E'],
    vectors: ['V', 'E'],
  },
  source: { paper: 'None: a means of teaching' },
  options,
  accepts: 'ids',
  refuse: ({ vectors }) => unequal(vectors),
  size: ({ vectors }) => widthOf(vectors),
  parameters: ({ vectors }, space, known) => {
    const shape = [vocabularyOf(space, 'vectors'), widthOf(vectors)]
    return { table: { shape, init: { type: 'given', values: rows(vectors, known) }, decay: false, frozen: true } }
  },
  /** ids [B,S] int32 -> [B,S,E]. */
  embed: (_, params, sequence) =>
    tf.gather(tensor<Tensor2D>(params, 'table'), idsOf(sequence, 'vectors')) as unknown as Tensor3D,
}

function widthOf(given: Given): number {
  return Object.values(given)[0]?.length ?? 0
}

function unequal(given: Given): string | undefined {
  const widths = [...new Set(Object.values(given).map((vector) => vector.length))]
  return widths.length > 1 ? `the vectors have ${widths.join(' and ')} numbers; all must have the same` : undefined
}

/** A row a symbol; without known symbols (a model that is only described) no values at all. */
function rows(given: Given, known: KnownSymbols | undefined): Float32Array {
  const symbols = known?.symbols ?? []
  const missing = symbols.filter((symbol) => given[symbol] === undefined && !special.test(symbol))
  if (missing.length > 0) throw missingVectors(missing, 'Give one in representation.vectors')
  const zeros = new Array<number>(widthOf(given)).fill(0)
  return Float32Array.from(symbols.flatMap((symbol) => given[symbol] ?? zeros))
}
