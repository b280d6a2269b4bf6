import { add, concat, matMul, matrix, splitSizes, zeros } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import type { Cell } from '../cells/types.js'
import { isDifferentiated } from '../gradients/layer.js'
import { stepsOf } from '../gradients/series.js'
import type { Params } from '../parameters.js'

// The lowest layer's input is the embedded symbol and what joins it, [x_t; j_t].

/** Projects one step's input; `joined` [B,J], undefined where nothing joins or it is zeros. */
export type ProjectStep = (joined: Tensor2D | undefined) => Tensor2D

/** The projection of a single step: `input` [B,E]. */
export function stepProjection(cell: Cell, params: Params, input: Tensor2D, axis: Axis | undefined): ProjectStep {
  return (joined) => {
    if (axis === undefined) return cell.project(params, input)
    return cell.project(params, concat([input, joined ?? zeros([input.shape[0], axis.size])], 1))
  }
}

/**
 * The projections of all steps, what the embedded symbols xs [T*B,E] decide computed at once: [x; j] W + b = (x W_x + b) +
 * j W_j. Where the cell's projection is not known to be x W + b and something joins, step by step.
 */
export function seriesProjection(
  cell: Cell,
  params: Params,
  xs: Tensor2D,
  axis: Axis | undefined,
  steps: number,
): readonly ProjectStep[] {
  if (axis !== undefined && !isDifferentiated(cell)) {
    return stepsOf(xs, steps).map((input) => stepProjection(cell, params, input, axis))
  }
  const kernels = splitKernel(params, axis)
  const projected = stepsOf(
    cell.project(kernels === undefined ? params : { ...params, kernel: kernels.input }, xs),
    steps,
  )
  return projected.map((projection) => (joined) => {
    return joined === undefined || kernels === undefined ? projection : add(matMul(joined, kernels.joined), projection)
  })
}

/** The rows of the kernel for the embedded symbol, and those for what joins it; undefined where nothing does. */
export function splitKernel(params: Params, axis: Axis | undefined) {
  if (axis === undefined) return undefined
  const kernel = matrix(params, 'kernel')
  const [input, joined] = splitSizes(kernel, [kernel.shape[0] - axis.size, axis.size], 0)
  return { input, joined }
}
