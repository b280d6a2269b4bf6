import { concat, expandDims, mul, reshape, sum } from '../../core/ops.js'
import type { Tensor3D } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { joined, renamed } from '../axes.js'
import type { Params } from '../parameters.js'
import { type BuiltRepresentation, buildRepresentation, type RepresentationChoice } from '../representation/index.js'
import type { Sequence, Side } from '../representation/types.js'
import type { Listed } from '../sizes.js'

/** A factor of the source's symbols: how it is represented, and what it is. */
export interface FactorInput {
  readonly name: string
  readonly choice: RepresentationChoice
  readonly side: Side & Pick<Listed, 'longest' | 'several'>
}

/** The same, built. Its output E_name. */
export interface BuiltFactor extends FactorInput {
  readonly representation: BuiltRepresentation
}

export function buildFactor(factor: FactorInput): BuiltFactor {
  const built = buildRepresentation(factor.choice, factor.side)
  const ofUnits = built.output.index === 'units'
  const output = ofUnits ? renamed(built.output, `E_${factor.name}`) : built.output
  return { ...factor, representation: { ...built, output } }
}

/**
 * A representation with the factors of each symbol: x = [w; f_1; ...; f_n], f = Σ_k W[v_k] over a symbol's values. Parameters are
 * under `factors`, by name.
 */
export function withFactors(words: BuiltRepresentation, factors: readonly BuiltFactor[]): BuiltRepresentation {
  const own = factors.map(({ name, representation }) => [name, representation.parameters] as const)
  return {
    parameters: { ...words.parameters, factors: Object.fromEntries(own) },
    output: joined(words.output, ...factors.map(({ representation }) => representation.output)),
    embed: (params, sequence) => {
      const all = subtree(params, 'factors')
      const each = factors.map((factor) => valuesOf(factor, subtree(all, factor.name), sequence))
      return concat([words.embed(params, sequence), ...each], 2)
    },
  }
}

/** [B,S,E]: the sum of the vectors of a symbol's values, zeros where it has none. */
function valuesOf({ name, side, representation }: BuiltFactor, params: Params, sequence: Sequence): Tensor3D {
  const { ids, mask } = factorOf(sequence, name)
  const [batch, steps, places] = ids.shape
  if (side.several !== true) {
    const single = { ids: reshape(ids, [batch, steps]), mask: reshape(mask, [batch, steps]) }
    return mul(representation.embed(params, single), mask)
  }
  // [B*S,K]: every place of the batch is a sequence of values.
  const flat = [batch * steps, places] as const
  const values = { ids: reshape(ids, flat), mask: reshape(mask, flat) }
  const embedded = mul(representation.embed(params, values), expandDims(values.mask, 2))
  return reshape(sum(embedded, 1), [batch, steps, representation.output.size])
}

function factorOf(sequence: Sequence, name: string) {
  const factor = 'ids' in sequence ? sequence.factors?.[name] : undefined
  if (factor === undefined) throw new RangeError(`The model reads the factor ${name}, and the batch has none`)
  return factor
}
