import Type, { type Static } from 'typebox'
import { sizeSchema } from '../../core/part.js'
import { type Tensor2D, tensor, tf } from '../../core/tf.js'
import type { Scorer } from '../types.js'

const options = Type.Object({ maxLength: sizeSchema('Source steps that have a score; longer sources are refused.') })

export const location: Scorer<typeof options, Static<typeof options>> = {
  name: 'location',
  summary: 'Scores places in the source from the query alone, whatever stands there.',
  equations: ['e_t = W q_t, one number a source step'],
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
  options,
  parameters: ({ maxLength }, { query }) => ({
    kernel: { shape: [query, maxLength], init: { type: 'glorot' }, decay: true },
  }),
  refuseSource: ({ maxLength }, longest) =>
    longest <= maxLength
      ? undefined
      : `the location scorer has maxLength ${maxLength}, and the longest source has ${longest} steps`,
  /** query [B,Q], keys [B,S,D] -> [B,S]; steps beyond maxLength (padding, as sources are shorter) score 0. */
  score: ({ maxLength }, params, query, keys) => {
    const [batch, steps] = keys.shape
    const scores: Tensor2D = tf.matMul(query, tensor<Tensor2D>(params, 'kernel'))
    if (steps === maxLength) return scores
    if (steps < maxLength) return tf.slice(scores, [0, 0], [batch, steps])
    return tf.concat([scores, tf.zeros([batch, steps - maxLength]) as Tensor2D], 1)
  },
}
