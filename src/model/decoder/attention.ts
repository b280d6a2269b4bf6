import { type Tensor, type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import type { AttentionChoice } from '../context/index.js'
import { normalisers } from '../normalisers/index.js'
import type { Normaliser } from '../normalisers/types.js'
import { scorers } from '../scorers/index.js'
import type { Attention, Memory, ParameterSpec, Params, Scorer, ScorerSizes, State } from '../types.js'

const FAR_BELOW = 1e9

/**
 * Attention after Bahdanau et al. 2015, (5)-(6): α_t = softmax(e_t), C_t = Σ_s α_ts h_s, with the chosen scorer,
 * normaliser and temperature, and with coverage (See et al. 2017, (10)-(13)) where it is asked for. In a scorer without a
 * place for coverage, a learned multiple of it is added to the scores.
 */
export function buildAttention(choice: AttentionChoice, given: ScorerSizes): Attention {
  const scorer = scorerOf(choice)
  const normaliser: Normaliser = normalisers.parts[choice.normaliser.type]
  const covers = choice.coverage !== undefined
  const options = choice.scorer
  const sizes = { ...given, coverage: covers }
  const score = (params: Params, query: Tensor2D, memory: Memory, coverage: Tensor2D | undefined) => {
    const keys = memory.keys ?? memory.values
    if (coverage === undefined || scorer.takesCoverage) return scorer.score(options, params, query, keys, coverage)
    return withCoverage(scorer.score(options, params, query, keys), coverage, tensor(params, 'coverageWeight'))
  }
  return {
    parameters: { ...scorer.parameters(options, sizes), ...coverageParameters(covers, scorer) },
    size: sizes.key,
    memory: (params, { outputs, mask }) => ({
      ...(scorer.prepare === undefined ? {} : { keys: scorer.prepare(options, params, outputs) }),
      values: scorer.prepareValues?.(options, params, outputs) ?? outputs,
      bias: tf.mul(tf.sub(mask, 1), FAR_BELOW) as Tensor2D,
    }),
    initialState: ({ bias }): State => (covers ? { coverage: tf.zeros(bias.shape) } : {}),
    step: (params, query, memory, state) => {
      const coverage = covers ? tensor<Tensor2D>(state, 'coverage') : undefined
      const scores = score(params, query, memory, coverage)
      const tempered = choice.temperature === 1 ? scores : tf.div(scores, choice.temperature)
      const weights = normaliser.normalise(choice.normaliser, tf.add(tempered, fitted(memory.bias, scores)))
      const alignment = (weights.rank === 3 ? tf.mean(weights, 1) : weights) as Tensor2D
      return { context: weightedSum(weights, memory), alignment, ...covered(choice.coverage, coverage, alignment) }
    },
  }
}

export function scorerOf(choice: AttentionChoice): Scorer {
  return scorers.parts[choice.scorer.type]
}

function coverageParameters(covers: boolean, scorer: Scorer): Tree<ParameterSpec> {
  if (!covers || scorer.takesCoverage) return {}
  return { coverageWeight: { shape: [1], init: { type: 'zeros' }, decay: true } }
}

function withCoverage(scores: Tensor, coverage: Tensor2D, weight: Tensor): Tensor2D | Tensor3D {
  return tf.add(scores, tf.mul(fitted(coverage, scores), weight))
}

/** [B,S] as it is, or [B,1,S] where the scores are those of several heads. */
function fitted(perStep: Tensor2D, scores: Tensor): Tensor {
  return scores.rank === 3 ? tf.expandDims(perStep, 1) : perStep
}

/** The sum of alignments with this step's, and what this step costs: λ Σ_s min(α_s, c_s), [B]. */
function covered(weight: number | undefined, coverage: Tensor2D | undefined, alignment: Tensor2D) {
  if (weight === undefined || coverage === undefined) return { state: {} }
  const state = { coverage: tf.add(coverage, alignment) }
  return weight === 0 ? { state } : { state, penalty: tf.mul(tf.sum(tf.minimum(alignment, coverage), 1), weight) }
}

/** weights [B,S], or [B,N,S] of heads, over values [B,S,D] -> [B,D]. */
function weightedSum(weights: Tensor, { values }: Memory): Tensor2D {
  if (weights.rank === 2) return tf.squeeze(tf.matMul(tf.expandDims(weights, 1) as Tensor3D, values), [1])
  const [batch, steps, size] = values.shape
  const heads = weights.shape[1] ?? 1
  const parts = tf.reshape(values, [batch, steps, heads, size / heads])
  const perHead = tf.expandDims(tf.transpose(weights, [0, 2, 1]), 3)
  return tf.reshape(tf.sum(tf.mul(parts, perHead), 1), [batch, size])
}
