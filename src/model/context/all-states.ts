import Type, { type Static } from 'typebox'
import { partSchema } from '../../core/part.js'
import { type Tensor2D, type Tensor3D, tensor, tf, withoutGradient } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { maps } from '../maps/index.js'
import type { VectorMap } from '../maps/types.js'
import type { ContextFormer, Params } from '../types.js'

const options = Type.Object({
  pool: Type.Union([Type.Literal('mean'), Type.Literal('max'), Type.Literal('sum'), Type.Literal('learned')], {
    default: 'mean',
    description: 'How the outputs become one vector; learned: weighted by a softmax over a learned score of each.',
  }),
  map: Type.Optional(
    partSchema(maps, { description: 'A learned map of each output before pooling; none: as they are.' }),
  ),
})
type Options = Static<typeof options>

const FAR_BELOW = 1e9

export const allStates: ContextFormer<typeof options, Options> = {
  name: 'all-states',
  summary: "C is a pooling of all the encoder's real outputs, each optionally mapped first.",
  equations: [
    'C = (1/S) Σ_s f(h_s)                              (pool: mean)',
    'C = Σ_s f(h_s)                                    (pool: sum)',
    'C = max_s f(h_s), number by number                (pool: max)',
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
  size: (chosen, { outputs }) => mappedSize(chosen, outputs),
  parameters: (chosen, { outputs }) => ({
    ...(chosen.map === undefined ? {} : { map: mapOf(chosen.map).parameters(chosen.map, outputs) }),
    ...(chosen.pool === 'learned'
      ? { v: { shape: [mappedSize(chosen, outputs), 1], init: { type: 'glorot' }, decay: true } }
      : {}),
  }),
  /** outputs [B,S,D], mask [B,S] -> [B,C]; zeros without a real step. */
  form: (chosen, params, { outputs, mask }) => {
    const mapped = mapSteps(chosen, params, outputs)
    const real = tf.expandDims(mask, 2) as Tensor3D
    return { vector: pools[chosen.pool](mapped, real, params) }
  },
}

/** xs [B,S,C], real [B,S,1] -> [B,C]. */
type Pool = (xs: Tensor3D, real: Tensor3D, params: Params) => Tensor2D

const pools: Readonly<Record<Options['pool'], Pool>> = {
  sum: (xs, real) => tf.sum(tf.mul(xs, real), 1),
  mean: (xs, real) => tf.div(tf.sum(tf.mul(xs, real), 1), tf.maximum(tf.sum(real, 1), 1)),
  max: (xs, real) => {
    // Steps that hold the maximum together share its gradient; TF.js's own maximum would give each the whole of it.
    const shares = withoutGradient(() => {
      const masked = tf.add(xs, tf.mul(tf.sub(real, 1), FAR_BELOW))
      const holders = tf.mul(tf.cast(tf.equal(masked, tf.max(masked, 1, true)), 'float32'), real)
      return tf.div(holders, tf.maximum(tf.sum(holders, 1, true), 1)) as Tensor3D
    })
    return tf.sum(tf.mul(xs, shares), 1)
  },
  learned: (xs, real, params) => {
    const [batch, steps, size] = xs.shape
    const scores = tf.reshape(tf.matMul(tf.reshape(xs, [batch * steps, size]), tensor(params, 'v')), [batch, steps, 1])
    const masked = tf.squeeze(tf.add(scores, tf.mul(tf.sub(real, 1), FAR_BELOW)), [2])
    const weights = tf.mul(tf.expandDims(tf.softmax(masked), 2), real)
    return tf.sum(tf.mul(xs, weights), 1)
  },
}

function mapSteps({ map }: Options, params: Params, outputs: Tensor3D): Tensor3D {
  if (map === undefined) return outputs
  const [batch, steps, size] = outputs.shape
  const mapped = mapOf(map).apply(map, subtree(params, 'map'), tf.reshape(outputs, [batch * steps, size]))
  return tf.reshape(mapped, [batch, steps, mapped.shape[1]])
}

function mapOf(choice: NonNullable<Options['map']>): VectorMap {
  return maps.parts[choice.type]
}

function mappedSize({ map }: Options, outputs: number): number {
  return map === undefined ? outputs : mapOf(map).size(map, outputs)
}
