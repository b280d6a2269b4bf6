import { at } from '../../core/lists.js'
import type { LoopingBackend, OperatorLayer, OperatorWeights } from '../../core/loop.js'
import { add, cast, mul, slice, sub, sum, transpose } from '../../core/ops.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import { leaf } from '../../core/tree.js'
import type { Matrices } from '../gradients/types.js'
import type { LayerRun } from './types.js'

/** What an operator reads. */
interface Read extends Pick<OperatorLayer, 'params' | 'states'> {
  /** [B,S,I]. */
  readonly xs: Tensor3D
  /** [B,S], padding at the end. */
  readonly mask: Tensor2D
  readonly reverse: boolean
  /** The states before the first step; undefined: zeros. */
  readonly initial: Matrices | undefined
}

/** A layer of a cell with `states` as one operator of the backend's; without a real step a row keeps what it starts from. */
export function operatorLayer(
  backend: LoopingBackend,
  weights: OperatorWeights,
  { params, states, xs, mask, reverse, initial }: Read,
): LayerRun {
  const start = initial === undefined ? [] : states.map((name) => leaf(initial, name))
  const lengths = cast(sum(mask, 1), 'int32')
  const run = backend.layer({ ...weights, params, states, xs: transpose(xs, [1, 0, 2]), lengths, start, reverse })
  const empty = sub(1, slice(mask, [0, 0], [mask.shape[0], 1]))
  const kept = (last: Tensor2D, place: number) => {
    return initial === undefined ? last : add(last, mul(at(start, place), empty))
  }
  const state = Object.fromEntries(states.map((name, place) => [name, kept(at(run.states, place), place)]))
  return { outputs: transpose(run.outputs, [1, 0, 2]), last: at(run.states, 0), state }
}
