import Type from 'typebox'
import {
  add,
  cast,
  div,
  equal,
  expandDims,
  matMul,
  max,
  maximum,
  mul,
  reshape,
  softmax,
  squeeze,
  sum,
  withoutGradient,
} from '../../core/ops.js'
import { partSchema } from '../../core/part.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import { type Axis, units } from '../axes.js'
import { maps } from '../maps/index.js'
import type { VectorMap } from '../maps/types.js'
import { paddingBias } from '../masks.js'
import { glorot, type ParameterTree, type Params, type ParamsOf } from '../parameters.js'
import { context, defineContext } from './types.js'

const options = Type.Object({
  pool: Type.Union([Type.Literal('mean'), Type.Literal('max'), Type.Literal('sum'), Type.Literal('learned')], {
    default: 'mean',
    description: 'How the outputs are pooled; learned: weighted by a softmax over a learned score of each output.',
  }),
  map: Type.Optional(partSchema(maps, { description: 'Learned map of each output before pooling. Default: none.' })),
})

export const allStates = defineContext({
  name: 'all-states',
  summary: "C is a pooling of all the encoder's outputs (without padding), each optionally mapped first.",
  equations: [
    'C = (1/S) Σ_s f(h_s)                              (pool: mean)',
    'C = Σ_s f(h_s)                                    (pool: sum)',
    'C = max_s f(h_s), elementwise                      (pool: max)',
    'C = Σ_s α_s f(h_s), α = softmax_s(vᵀ f(h_s))     (pool: learned)',
  ],
  symbols: {
    C: ['C'],
    h_s: ['D'],
    v: ['C'],
  },
  source: {
    paper:
      'Conneau et al. 2017, Supervised Learning of Universal Sentence Representations (mean, max); Yang et al. 2016, Hierarchical Attention Networks (learned)',
    equation: 'learned: (5)-(7), whose tanh layer is the map here',
    url: 'https://arxiv.org/abs/1705.02364',
  },
  options,
  needsLast: false,
  build: ({ pool, map }, { outputs }) => {
    const mapped = map === undefined ? unmapped(outputs) : mapSteps(maps.build(map, outputs))
    const pooled = pool === 'learned' ? learned(mapped.output) : pooling({ parameters: {}, pool: pools[pool] })
    return context({
      parameters: { ...mapped.parameters, ...pooled.parameters },
      output: mapped.output,
      /** outputs [B,S,D], mask [B,S] -> [B,C]; zeros without a real step. */
      form: (p, { outputs, mask }) => pooled.pool(p, mapped.apply(p, outputs), expandDims(mask, 2)),
    })
  },
})

/** What is done to every step before pooling. */
interface StepMap {
  readonly parameters: ParameterTree
  readonly output: Axis
  /** [B,S,D] -> [B,S,C]. */
  apply(params: Params, xs: Tensor3D): Tensor3D
}

function stepMap<P extends ParameterTree>(built: {
  readonly parameters: P
  readonly output: Axis
  apply(params: ParamsOf<P>, xs: Tensor3D): Tensor3D
}): StepMap {
  return built
}

function unmapped(output: Axis): StepMap {
  return stepMap({ parameters: {}, output, apply: (_, xs) => xs })
}

function mapSteps(map: VectorMap): StepMap {
  const { parameters, output } = map
  return stepMap({
    parameters: { map: parameters },
    output,
    apply: (p, xs) => {
      const [batch, steps, size] = xs.shape
      return reshape(map.apply(p.map, reshape(xs, [batch * steps, size])), [batch, steps, output.size])
    },
  })
}

/** xs [B,S,C], real [B,S,1] -> [B,C]. */
interface Pooling {
  readonly parameters: ParameterTree
  pool(params: Params, xs: Tensor3D, real: Tensor3D): Tensor2D
}

function pooling<P extends ParameterTree>(built: {
  readonly parameters: P
  pool(params: ParamsOf<P>, xs: Tensor3D, real: Tensor3D): Tensor2D
}): Pooling {
  return built
}

const pools = {
  sum: (_: Params, xs: Tensor3D, real: Tensor3D) => sum(mul(xs, real), 1),
  mean: (_: Params, xs: Tensor3D, real: Tensor3D) => div(sum(mul(xs, real), 1), maximum(sum(real, 1), 1)),
  max: (_: Params, xs: Tensor3D, real: Tensor3D) => {
    // Steps that hold the maximum together share its gradient; TF.js's own maximum would give each the whole of it.
    const shares = withoutGradient(() => {
      const masked = add(xs, paddingBias(real))
      const holders = mul(cast(equal(masked, max(masked, 1, true)), 'float32'), real)
      return div(holders, maximum(sum(holders, 1, true), 1))
    })
    return sum(mul(xs, shares), 1)
  },
}

function learned(output: Axis): Pooling {
  return pooling({
    parameters: { v: glorot([output, units('1', 1)]) },
    pool: (p, xs, real) => {
      const [batch, steps, size] = xs.shape
      const scores = reshape(matMul(reshape(xs, [batch * steps, size]), p.v), [batch, steps, 1])
      const weights = softmax(squeeze(add(scores, paddingBias(real)), 2))
      return sum(mul(xs, mul(expandDims(weights, 2), real)), 1)
    },
  })
}
