import { type Tensor2D, type Tensor3D, tf } from '../../core/tf.js'
import type { AttentionChoice } from '../context/index.js'
import { scorers } from '../scorers/index.js'
import type { Attention, Memory, Scorer, ScorerSizes } from '../types.js'

const FAR_BELOW = 1e9

/** Attention after Bahdanau et al. 2015, (5)-(6): α_t = softmax(e_t), C_t = Σ_s α_ts h_s, with the chosen scorer. */
export function buildAttention(choice: AttentionChoice, sizes: ScorerSizes): Attention {
  const options = choice.scorer
  const scorer: Scorer = scorers.parts[options.type]
  return {
    parameters: scorer.parameters(options, sizes),
    size: sizes.key,
    memory: (params, { outputs, mask }) => ({
      ...(scorer.prepare === undefined ? {} : { keys: scorer.prepare(options, params, outputs) }),
      values: outputs,
      bias: tf.mul(tf.sub(mask, 1), FAR_BELOW) as Tensor2D,
    }),
    initialState: () => ({}),
    step: (params, query, memory, state) => {
      const scores = scorer.score(options, params, query, memory.keys ?? memory.values)
      const alignment = tf.softmax(tf.add(scores, memory.bias)) as Tensor2D
      return { context: weightedSum(alignment, memory), alignment, state }
    },
  }
}

/** alignment [B,S] over values [B,S,D] -> [B,D]. */
function weightedSum(alignment: Tensor2D, { values }: Memory): Tensor2D {
  const weights: Tensor3D = tf.expandDims(alignment, 1)
  return tf.squeeze(tf.matMul(weights, values), [1])
}
