import { reshape, sum, transpose } from '../../core/ops.js'
import type { Tensor1D, Tensor2D } from '../../core/tf.js'
import type { HeadSeries } from './types.js'

type Form = Pick<HeadSeries<unknown>, 'batch' | 'steps' | 'order'>

/** A number a row, [N] -> each example's sum over its steps, [B]. */
export function sumOfExamples(rows: Tensor1D, { batch, steps, order }: Form): Tensor1D {
  return order === 'steps' ? sum(reshape(rows, [steps, batch]), 0) : sum(reshape(rows, [batch, steps]), 1)
}

/** A number a row, [N] -> [B,T]. */
export function byExample(rows: Tensor1D, { batch, steps, order }: Form): Tensor2D {
  return order === 'steps' ? transpose(reshape(rows, [steps, batch])) : reshape(rows, [batch, steps])
}
