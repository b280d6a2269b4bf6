import type { Tensor2D } from '../../core/tf.js'
import { leaf, subtree } from '../../core/tree.js'
import { hasState } from '../cells/index.js'
import type { Cell } from '../cells/types.js'
import { isDifferentiated, runSeries } from '../gradients/layer.js'
import { concatColumns, seriesOf, stepsOf, timeMajor } from '../gradients/series.js'
import type { Matrices } from '../gradients/types.js'
import { finishLayer } from '../layers.js'
import type { DecoderOptions } from '../options.js'
import type { Params } from '../parameters.js'
import { stateIn } from '../start.js'
import { dropped, dropSeries } from './stack.js'
import type { AttentionPlacement, DecodeSeries, Stack } from './types.js'

/** With one fixed C, no step waits for another layer: each layer runs over the whole target. */
export function layerByLayer(
  options: DecoderOptions,
  stack: Stack,
  series: NonNullable<AttentionPlacement['series']>,
): DecodeSeries {
  return (params, { inputs, memory, first, noise }) => {
    const steps = inputs.shape[1]
    const { joined, contexts } = series(memory, first, steps)
    let xs = joined === undefined ? timeMajor(inputs) : concatColumns(timeMajor(inputs), joined)
    for (const [index, { name, cell }] of stack.layers.entries()) {
      const layerParams = subtree(subtree(params, 'stack'), name)
      const input = dropped(xs, dropSeries(noise, name, steps))
      const start = stateIn(cell, subtree(subtree(first, 'layers'), name))
      xs = finishLayer(options, index, layerParams, outputsOf(cell, layerParams, input, start, steps), xs)
    }
    return { outputs: xs, ...(contexts === undefined ? {} : { contexts }) }
  }
}

/** One layer over a whole series xs [T*B,I] -> [T*B,H]. */
function outputsOf(cell: Cell, params: Params, xs: Tensor2D, start: Matrices, steps: number): Tensor2D {
  const order = Array.from({ length: steps }, (_, t) => t)
  if (isDifferentiated(cell)) return leaf(runSeries(cell, params, xs, start, { order }), 'h')
  const projected = cell.project(params, xs)
  if (!hasState(cell)) return cell.step(params, projected, {}).output
  const outputs: Tensor2D[] = []
  let state = start
  for (const step of stepsOf(projected, steps)) {
    const next = cell.step(params, step, state)
    outputs.push(next.output)
    state = next.state
  }
  return seriesOf(outputs)
}
