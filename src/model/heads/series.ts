import { reshape, sum } from '../../core/ops.js'
import type { Tensor1D } from '../../core/tf.js'
import type { HeadSeries } from './types.js'

type Form = Pick<HeadSeries<unknown>, 'batch' | 'steps' | 'order'>

/** One number per row, [N] -> each example's sum over its steps, [B]. */
export function sumOfExamples(rows: Tensor1D, { batch, steps, order }: Form): Tensor1D {
  return order === 'steps' ? sum(reshape(rows, [steps, batch]), 0) : sum(reshape(rows, [batch, steps]), 1)
}
