import Type from 'typebox'
import { lookUp } from '../../core/ops.js'
import { units } from '../axes.js'
import { parameter } from '../parameters.js'
import { idsOf, missingVectors, symbolsOf } from './shared.js'
import { defineRepresentation, type KnownSymbols, representation } from './types.js'

const options = Type.Object({
  vectors: Type.Record(Type.String(), Type.Array(Type.Number(), { minItems: 1, maxItems: 65_536 }), {
    minProperties: 1,
    description: 'The vector of each symbol: all of one length.',
  }),
})

type Vectors = Readonly<Record<string, readonly number[]>>

/** Special symbols (<pad>, <bos>, ...) need no vector: they are zeros. */
const special = /^<(pad|bos|eos|unk)>$/

export const vectors = defineRepresentation({
  name: 'vectors',
  summary: 'Vectors given in the spec, never trained: for examples computed by hand.',
  equations: ['x_t = vectors[symbol_t]'],
  symbols: {
    x_t: ['E'],
    vectors: ['V', 'E'],
  },
  source: { paper: 'None: a means of teaching' },
  options,
  accepts: 'ids',
  refuse: ({ vectors }) => unequal(vectors) ?? tooLarge(vectors),
  build: ({ vectors }, side) => {
    const output = units('E', widthOf(vectors))
    const init = { type: 'given', values: rows(vectors, side.known) } as const
    return representation({
      parameters: { table: parameter([symbolsOf(side, 'vectors'), output], init, { decay: false, frozen: true }) },
      output,
      /** ids [B,S] int32 -> [B,S,E]. */
      embed: ({ table }, sequence) => lookUp(table, idsOf(sequence, 'vectors')),
    })
  },
})

function widthOf(vectors: Vectors): number {
  return Object.values(vectors)[0]?.length ?? 0
}

function unequal(vectors: Vectors): string | undefined {
  const widths = [...new Set(Object.values(vectors).map((vector) => vector.length))]
  return widths.length > 1 ? `the vectors have ${widths.join(' and ')} numbers; all must have the same` : undefined
}

function tooLarge(vectors: Vectors): string | undefined {
  for (const [symbol, vector] of Object.entries(vectors)) {
    const lost = vector.find((number) => !Number.isFinite(Math.fround(number)))
    if (lost !== undefined)
      return `the vector of ${JSON.stringify(symbol)} has ${lost}; float32 holds numbers up to 3.4e38`
  }
  return undefined
}

/** One row per symbol; without known symbols (a model that is only described) no values at all. */
function rows(vectors: Vectors, known: KnownSymbols | undefined): Float32Array {
  const symbols = known?.symbols ?? []
  const missing = symbols.filter((symbol) => vectors[symbol] === undefined && !special.test(symbol))
  if (missing.length > 0) throw missingVectors(missing, 'Give one in representation.vectors')
  const zeros = new Array<number>(widthOf(vectors)).fill(0)
  return Float32Array.from(symbols.flatMap((symbol) => vectors[symbol] ?? zeros))
}
