import { concat, expandDims, reshape, tile } from '../../core/ops.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { type Axis, joined } from '../../model/axes.js'
import { type Attention, buildAttention } from '../../model/decoder/attention.js'
import { summaryOf } from '../../model/decoder/readers.js'
import type { Encoded } from '../../model/encoder/types.js'
import { featureArrows } from '../../model/features/arrows.js'
import { featureAttentionNodes } from '../../model/features/attention-outline.js'
import type { FeaturesBeside } from '../../model/features/read.js'
import { type Arrow, chain, drawn, type OutlineNode, plainNode } from '../../model/outline.js'
import type { ParameterTree, Params } from '../../model/parameters.js'

/** What a head of labels reads of each row, with what features give next to it. */
export interface RowsWithFeatures {
  /** Under `features/attention`. */
  readonly parameters: ParameterTree
  readonly output: Axis
  readonly outline: readonly OutlineNode[]
  /** rows [B*steps,R], example after example -> [B*steps,R+G]. */
  join(params: Params, rows: Tensor2D, steps: number, encoded: Pick<Encoded, 'features'>): Tensor2D
}

/** `rows` is R; `steps` names the axes of what a row is for: of each example, or of each of its steps. */
export function besideRows(
  features: FeaturesBeside | undefined,
  rows: Axis,
  steps: readonly ('B' | 'S')[],
): RowsWithFeatures {
  if (features === undefined) return { parameters: {}, output: rows, outline: [], join: (_, xs) => xs }
  const output = joined(rows, features.output)
  const tensor = plainNode({
    id: 'features.rows',
    path: 'model.features.join',
    tensors: [{ name: 'input of the head, with features', axes: [...steps, output] }],
  })
  if (features.join === 'context') {
    return {
      parameters: {},
      output,
      outline: [tensor],
      join: (_, xs, count, encoded) => concat([xs, eachStep(expandDims(summaryOf(encoded), 1), count)], 1),
    }
  }
  const attention = buildAttention(features.choice, { query: rows, key: features.output })
  const per = steps.length === 1 ? 'example' : 'source step'
  const described = { ...features, scorer: attention.parameters }
  return {
    parameters: { attention: attention.parameters },
    output,
    outline: [...featureAttentionNodes(described, rows, { steps, per }), tensor],
    join: (params, xs, count, encoded) => concat([xs, attended(attention, params, xs, count, encoded)], 1),
  }
}

/** Each row asks by itself: f [B*steps,G]. */
function attended(
  attention: Attention,
  params: Params,
  rows: Tensor2D,
  steps: number,
  { features }: Pick<Encoded, 'features'>,
): Tensor2D {
  if (features === undefined || !('outputs' in features)) throw new RangeError('There are no features to attend to')
  const own = subtree(subtree(params, 'features'), 'attention')
  const once = attention.memory(own, { outputs: features.outputs, mask: features.mask })
  const memory = {
    ...(once.keys && { keys: eachStepOf(once.keys, steps) }),
    values: eachStepOf(once.values, steps),
    bias: eachStep(expandDims(once.bias, 1), steps),
  }
  return attention.step(own, rows, memory, attention.initialState(memory)).context
}

/** x [B,F,N], the same at each step -> [B*steps,F,N]. */
function eachStepOf(x: Tensor3D, steps: number): Tensor3D {
  const [batch, places, size] = x.shape
  return reshape(eachStep(reshape(x, [batch, 1, places * size]), steps), [-1, places, size])
}

/** x [B,1,N], the same at each step -> [B*steps,N]. */
function eachStep(x: Tensor3D, steps: number): Tensor2D {
  const [, , size] = x.shape
  return reshape(steps === 1 ? x : tile(x, [1, steps, 1]), [-1, size])
}

/** The parameters of what reads sources, with those of the attention to their features. */
export function withAttention<P extends { readonly features?: ParameterTree }>(
  parameters: P,
  { parameters: own }: RowsWithFeatures,
): P {
  return Object.keys(own).length === 0 ? parameters : { ...parameters, features: { ...parameters.features, ...own } }
}

/** From each drawn part to the next, and from the features to what they join: the encoder, or the head. */
export function labelArrows(nodes: readonly OutlineNode[], features: FeaturesBeside | undefined): Arrow[] {
  const own = drawn(nodes.filter(({ box }) => box?.side === 'source'))
  return [...chain(...own), ...featureArrows(nodes, features, own.at(-1))]
}
