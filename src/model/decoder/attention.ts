import {
  add,
  div,
  expandDims,
  isMatrix,
  matMul,
  mean,
  minimum,
  mul,
  reshape,
  squeeze,
  sum,
  transpose,
  vector,
  zeros,
} from '../../core/ops.js'
import type { Tensor1D, Tensor2D, Tensor3D } from '../../core/tf.js'
import { type Axis, units } from '../axes.js'
import type { AttentionChoice } from '../context/index.js'
import type { Encoded } from '../encoder/types.js'
import { type AttentionBackward, attentionBackward } from '../gradients/attention.js'
import { paddingBias } from '../masks.js'
import { normalisers } from '../normalisers/index.js'
import { type ParameterTree, type Params, parameter } from '../parameters.js'
import { scorers } from '../scorers/index.js'
import type { Residuals, Scorer, ScorerSizes } from '../scorers/types.js'

/** What attention looks back at: computed once per source. */
export type AttentionMemory = {
  /** What the scorer prepared, [B,S,K]; absent where the keys are the values themselves. */
  readonly keys?: Tensor3D
  /** [B,S,D]. */
  readonly values: Tensor3D
  /** [B,S], added to the scores, so that padding's alignment is exactly 0. */
  readonly bias: Tensor2D
}

/** The sum of alignments so far [B,S], where coverage is kept. */
export type AttentionState = { readonly coverage?: Tensor2D }

export interface AttentionStep {
  /** C [B,D]: the sum of values weighted by the alignment; of several heads, side by side. */
  readonly context: Tensor2D
  /** [B,S], sums to 1, exactly 0 on padding; of several heads, the mean. */
  readonly alignment: Tensor2D
  readonly state: AttentionState
  /** Coverage loss of this step by example [B], where there is one. */
  readonly penalty?: Tensor1D
  /** What the scorer's backward pass needs. */
  readonly scored: Residuals
}

export interface Attention {
  readonly parameters: ParameterTree
  /** C. */
  readonly output: Axis
  readonly scorer: Scorer
  memory(params: Params, encoded: Pick<Encoded, 'outputs' | 'mask'>): AttentionMemory
  initialState(memory: AttentionMemory): AttentionState
  step(params: Params, query: Tensor2D, memory: AttentionMemory, state: AttentionState): AttentionStep
  /** The handwritten gradient, where scorer and normaliser have one and no coverage goes from step to step. */
  readonly backward?: AttentionBackward
}

/**
 * Attention after Bahdanau et al. 2015, (5)-(6): α_t = softmax(e_t), C_t = Σ_s α_ts h_s, with the chosen scorer,
 * normaliser and temperature, and with coverage (See et al. 2017, (10)-(13)) where it is asked for. In a scorer without a
 * place for coverage, a learned multiple of it is added to the scores.
 */
export function buildAttention(
  choice: Omit<AttentionChoice, 'from' | 'position' | 'inputFeeding'>,
  sizes: Omit<ScorerSizes, 'coverage'>,
): Attention {
  const covers = choice.coverage !== undefined
  const scorer = scorers.build(choice.scorer, { ...sizes, coverage: covers })
  const normaliser = normalisers.build(choice.normaliser)
  const backward =
    choice.coverage === undefined ? backwardOf(scorer, normaliser.backward, choice.temperature) : undefined
  return {
    parameters: { ...scorer.parameters, ...coverageParameters(covers, scorer) },
    output: sizes.key,
    scorer,
    memory: (params, { outputs, mask }) => ({
      ...(scorer.prepare === undefined ? {} : { keys: scorer.prepare(params, outputs) }),
      values: scorer.prepareValues?.(params, outputs) ?? outputs,
      bias: paddingBias(mask),
    }),
    initialState: ({ bias }) => (covers ? { coverage: zeros(bias.shape) } : {}),
    step: (params, query, memory, { coverage }) => {
      const { scores, residuals } = score(scorer, params, query, memory, coverage)
      const tempered = choice.temperature === 1 ? scores : div(scores, choice.temperature)
      const weights = normaliser.normalise(add(tempered, fitted(memory.bias, scores)))
      const alignment = isMatrix(weights) ? weights : mean(weights, 1)
      const context = weightedSum(weights, memory)
      return { context, alignment, scored: residuals, ...covered(choice.coverage, coverage, alignment) }
    },
    ...(backward === undefined ? {} : { backward }),
  }
}

function backwardOf(
  { backward }: Scorer,
  normalise: ((alignment: Tensor2D, gradient: Tensor2D) => Tensor2D) | undefined,
  temperature: number,
): AttentionBackward | undefined {
  if (backward === undefined || normalise === undefined) return undefined
  return attentionBackward(backward, normalise, temperature)
}

function coverageParameters(covers: boolean, scorer: Scorer): ParameterTree {
  if (!covers || scorer.scoreCovered !== undefined) return {}
  return { coverageWeight: parameter([units('1', 1)], { type: 'zeros' }) }
}

function score(
  scorer: Scorer,
  params: Params,
  query: Tensor2D,
  memory: AttentionMemory,
  coverage: Tensor2D | undefined,
) {
  const keys = memory.keys ?? memory.values
  if (coverage === undefined) return scorer.score(params, query, keys)
  if (scorer.scoreCovered !== undefined) return scorer.scoreCovered(params, query, keys, coverage)
  const { scores, residuals } = scorer.score(params, query, keys)
  return { scores: add(scores, mul(fitted(coverage, scores), vector(params, 'coverageWeight'))), residuals }
}

/** [B,S] as it is, or [B,1,S] where the scores are those of several heads. */
function fitted(perStep: Tensor2D, scores: Tensor2D | Tensor3D): Tensor2D | Tensor3D {
  return isMatrix(scores) ? perStep : expandDims(perStep, 1)
}

/** The sum of alignments with this step's, and what this step costs: λ Σ_s min(α_s, c_s), [B]. */
function covered(weight: number | undefined, coverage: Tensor2D | undefined, alignment: Tensor2D) {
  if (weight === undefined || coverage === undefined) return { state: {} }
  const state = { coverage: add(coverage, alignment) }
  return weight === 0 ? { state } : { state, penalty: mul(sum(minimum(alignment, coverage), 1), weight) }
}

/** weights [B,S], or [B,N,S] of heads, over values [B,S,D] -> [B,D]. */
function weightedSum(weights: Tensor2D | Tensor3D, { values }: AttentionMemory): Tensor2D {
  if (isMatrix(weights)) return squeeze(matMul(expandDims(weights, 1), values), 1)
  const [batch, steps, size] = values.shape
  const heads = weights.shape[1]
  const parts = reshape(values, [batch, steps, heads, size / heads])
  const perHead = expandDims(transpose(weights, [0, 2, 1]), 3)
  return reshape(sum(mul(parts, perHead), 1), [batch, size])
}
