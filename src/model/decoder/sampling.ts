import { at } from '../../core/lists.js'
import { argMax, cast, greater, less, matrix, split, squeeze, unstack, where, withoutGradient } from '../../core/ops.js'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import { subtree } from '../../core/tree.js'
import type { Params } from '../parameters.js'
import { type HeadParts, headStep, withHead } from './head.js'
import { scheduledSampling } from './loop.js'
import type { Decoded, DecodedSeries, Target } from './types.js'

/**
 * Scheduled sampling over a whole target: the true previous symbol is fed where `uniform` [B,T] is below `probability`, else
 * what the head found most probable. `ids` [B,T] int32 are the true ones.
 */
export function sampled(
  parts: HeadParts,
  params: Params,
  target: Target,
  ids: Tensor2D,
  uniform: Tensor | Tree<Tensor>,
  probability: number | Scalar,
  embed: (ids: Tensor1D) => Tensor2D,
): { readonly series: DecodedSeries; readonly embedded: Tensor2D } {
  const keep = cast(less(matrix({ uniform }, 'uniform'), probability), 'float32')
  const [truth, keeps] = [unstack(ids, 1), split(keep, keep.shape[1], 1)]
  let state = target.first
  let previous = at(truth, 0)
  const choose = ({ decoded, embedded, t }: { decoded: Decoded; embedded: Tensor2D; t: number }) => {
    const stepped = headStep(parts, params, decoded, embedded, previous, target.memory, state)
    const chosen = withoutGradient(() => argMax(stepped.logProbs, 1))
    state = withHead(state, stepped.state)
    previous = where(greater(squeeze(at(keeps, t), 1), 0), at(truth, t), cast(chosen, 'int32'))
    return embed(chosen)
  }
  const { series, inputs } = scheduledSampling(parts.decoder, subtree(params, 'decoder'), target, keeps, choose)
  return { series, embedded: inputs }
}
