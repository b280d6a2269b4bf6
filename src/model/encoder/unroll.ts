import Type, { type Static } from 'typebox'
import { mean, sum, tile } from '../../core/ops.js'
import { noOptions, type Part, partSchema, registry, sizeSchema } from '../../core/part.js'
import { type HostTensor, sizeOf } from '../../core/tensors.js'
import type { Tensor } from '../../core/tf.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import type { ParameterSpec, ParameterTree } from '../parameters.js'

const shared = {
  name: 'shared',
  summary: 'The same weights at every time step (backpropagation through time).',
  equations: ['∂L/∂W = Σ_t ∂L/∂W_t'],
  source: { paper: 'Werbos 1990, Backpropagation Through Time: What It Does and How to Do It' },
  options: noOptions,
} as const satisfies Part

const untiedOptions = Type.Object({
  length: sizeSchema('T, the number of time steps and of copies; a longer input is an error.'),
  merge: Type.Union([Type.Literal('none'), Type.Literal('sum'), Type.Literal('mean')], {
    default: 'none',
    description:
      "How the copies' gradients are combined: not at all (none), or each copy gets their sum or mean, so that copies stay equal.",
  }),
})

const untied = {
  name: 'untied',
  summary: 'A copy of the weights at each time step; all copies start equal.',
  equations: [
    'W_t ← W_t − η ∂L/∂W_t            (merge: none)',
    'W_t ← W_t − η Σ_u ∂L/∂W_u, which is what shared weights do   (merge: sum)',
    'W_t ← W_t − η/T Σ_u ∂L/∂W_u      (merge: mean)',
  ],
  source: {
    paper: 'Rumelhart et al. 1986, Learning Internal Representations by Error Propagation',
    equation: 'the unfolded network before its copies are constrained to be equal',
  },
  options: untiedOptions,
} as const satisfies Part<typeof untiedOptions>

export const unrollings = registry('unrolling', { shared, untied })
export const UnrollChoice = partSchema(unrollings, {
  default: 'shared',
  description: 'Whether all time steps share one set of weights.',
})
export type UnrollChoice = Static<typeof UnrollChoice>

/** Parameters of one cell as the unrolling wants them: as they are, or T copies along a new first axis. */
export function unrolled(parameters: ParameterTree, unroll: UnrollChoice): ParameterTree {
  if (unroll.type === 'shared') return parameters
  const { length, merge } = unroll
  return mapTree(parameters, (spec) => ({
    ...spec,
    shape: [length, ...spec.shape],
    axes: [{ name: 'T', size: length, index: 'copies' }, ...spec.axes],
    init: { type: 'repeated', times: length, of: spec.init },
    copies: merge,
  }))
}

/** The gradient [T, ...] that a parameter's copies are trained with; of other parameters the gradient itself. */
export function mergeCopies({ copies }: Pick<ParameterSpec, 'copies'>, gradient: Tensor): Tensor {
  if (copies === undefined || copies === 'none') return gradient
  const merged = copies === 'sum' ? sum(gradient, 0, true) : mean(gradient, 0, true)
  return tile(merged, [gradient.shape[0] ?? 1, ...gradient.shape.slice(1).map(() => 1)])
}

/**
 * How far copies have drifted apart: √(Σ_t ‖W_t − W̄‖² / T), W_t all copied parameters of step t and W̄ their mean over t;
 * undefined where nothing is copied.
 */
export function copiesDistance(specs: ParameterTree, params: Tree<HostTensor>): number | undefined {
  const values = new Map(leaves(params))
  const copied = leaves(specs).filter(([, spec]) => spec.copies !== undefined)
  if (copied.length === 0) return undefined
  const spreads = copied.map(([path]) => spread(values.get(path)))
  return Math.sqrt(spreads.reduce((sum, value) => sum + value, 0))
}

/** Σ_t ‖w_t − w̄‖² / T of one parameter [T, ...]. */
function spread(parameter: HostTensor | undefined): number {
  if (parameter === undefined) throw new RangeError('a copied parameter has no values')
  const [copies = 1, ...rest] = parameter.shape
  const size = sizeOf(rest)
  let total = 0
  for (let i = 0; i < size; i++) {
    const column = Array.from({ length: copies }, (_, t) => parameter.data[t * size + i] ?? Number.NaN)
    const mean = column.reduce((sum, value) => sum + value, 0) / copies
    total += column.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  }
  return total / copies
}
