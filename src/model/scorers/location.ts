import Type from 'typebox'
import { concat, matMul, slice, zeros } from '../../core/ops.js'
import { sizeSchema } from '../../core/part.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import { glorot } from '../parameters.js'
import { defineScorer, scorer } from './types.js'

export const location = defineScorer({
  name: 'location',
  summary: 'Scores source positions from the query alone, independent of the keys.',
  equations: ['e_t = W q_t, one number per source step'],
  symbols: {
    e_t: ['L'],
    W: ['L', 'Q'],
    q_t: ['Q'],
  },
  source: {
    paper: 'Luong et al. 2015, Effective Approaches to Attention-based Neural Machine Translation',
    equation: '(9)',
    url: 'https://arxiv.org/abs/1508.04025',
  },
  options: Type.Object({ maxLength: sizeSchema('Source steps that have a score; longer sources are refused.') }),
  refuseSource: ({ maxLength }, longest) =>
    longest <= maxLength
      ? undefined
      : `the location scorer has maxLength ${maxLength}, and a source has ${longest} steps`,
  build: ({ maxLength }, { query }) => {
    const places: Axis = { name: 'L', size: maxLength, index: 'source steps' }
    return scorer({
      parameters: { kernel: glorot([query, places]) },
      /** query [B,Q], keys [B,S,D] -> [B,S]. */
      score: (p, query, keys) => ({ scores: fitted(matMul(query, p.kernel), keys.shape[1]), residuals: {} }),
    })
  },
})

/** [B,L] -> [B,S]: steps beyond L (padding, as sources are shorter) score 0. */
function fitted(scores: Tensor2D, steps: number): Tensor2D {
  const [batch, places] = scores.shape
  if (steps === places) return scores
  if (steps < places) return slice(scores, [0, 0], [batch, steps])
  return concat([scores, zeros([batch, steps - places])], 1)
}
