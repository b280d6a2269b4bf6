import { type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import { mapTree } from '../../core/tree.js'
import { type FastLayer, runSeries } from '../gradients/layer.js'
import { batchMajor, timeMajor } from '../gradients/series.js'
import type { Named } from '../gradients/types.js'
import type { Params, State } from '../types.js'
import { firstStep, lastReal, select } from './positions.js'
import type { Direction, LayerRun } from './types.js'

/**
 * `runLayer` by the cell's fast path. Forwards, padding comes last: the states there are never read, so steps need no
 * mask and only the outputs are made zero. Backwards (from zero states alone), each step's state is masked.
 */
export function runFast(
  layer: FastLayer,
  params: Params,
  xs: Tensor3D,
  mask: Tensor2D,
  start: State,
  direction: Direction,
): LayerRun {
  const [batch, steps] = mask.shape
  const upwards = Array.from({ length: steps }, (_, t) => t)
  const plan =
    direction === 'forward'
      ? { order: upwards }
      : { order: upwards.reverse(), mask: timeMajor(tf.expandDims(mask, 2) as Tensor3D) }
  const series = runSeries(layer, params, timeMajor(xs), start as Named, plan)
  const perStep = mapTree(series, (leaf) => batchMajor(leaf as Tensor2D, steps))
  const outputs = tensor<Tensor3D>(perStep, 'h')
  if (direction === 'backward') {
    const state = mapTree(perStep, (leaf) => firstStep(leaf as Tensor3D))
    return { outputs, last: firstStep(outputs), state }
  }
  const end = lastReal(mask)
  const empty = tf.sub(1, tf.slice(mask, [0, 0], [batch, 1]))
  const state = mapTree(perStep, (leaf, name) =>
    tf.add(select(end, leaf as Tensor3D), tf.mul(tensor(start, name), empty)),
  )
  return { outputs: tf.mul(outputs, tf.expandDims(mask, 2)), last: select(end, outputs), state }
}
