import { at } from '../../core/lists.js'
import { add, div, expandDims, matMul, squeeze } from '../../core/ops.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import { leaf } from '../../core/tree.js'
import type { Params } from '../parameters.js'
import type { Residuals, ScorerBackward } from '../scorers/types.js'
import { batchMajor, seriesByName, seriesOf } from './series.js'
import type { Matrices } from './types.js'

// One step of attention backwards, and what all steps give together: whether attention is before the cells or after them.

/** What attention has a gradient for. */
export interface AttentionInputs {
  /** Prepared keys [B,S,K]; the values themselves where nothing prepares them. */
  readonly keys: Tensor3D
  /** [B,S,D]. */
  readonly values: Tensor3D
  /** The parameters that the scorer uses at each step. */
  readonly scorer: Params
}

/** What the backward pass needs of a step. */
export interface AttentionResiduals {
  readonly query: Tensor2D
  /** [B,S]. */
  readonly alignment: Tensor2D
  readonly scored: Residuals
}

/** The results of a step's backward pass. */
export interface AttentionGradient {
  /** Of the scores [B,S]. */
  readonly scores: Tensor2D
  /** Of the query [B,Q]. */
  readonly query: Tensor2D
  /** Of C, as it came [B,D]. */
  readonly context: Tensor2D
  readonly extras: Matrices
}

export interface AttentionBackward {
  inputs(params: Params, memory: { readonly keys?: Tensor3D; readonly values: Tensor3D }): AttentionInputs
  /** Gradients of C [B,D], and of the alignment [B,S] where something else reads it. */
  step(
    inputs: AttentionInputs,
    residuals: AttentionResiduals,
    context: Tensor2D,
    alignment: Tensor2D | undefined,
  ): AttentionGradient
  /** Gradients of the inputs out of all steps. */
  parameters(
    inputs: AttentionInputs,
    steps: readonly AttentionResiduals[],
    gradients: readonly AttentionGradient[],
  ): AttentionInputs
}

/**
 * C = Σ_s α_s v_s with α = normalise(e / temperature): dα_s = v_sᵀ dC, then the normaliser's and the scorer's own gradients;
 * dv = Σ_t α_t ⊗ dC_t is one batched product.
 */
export function attentionBackward(
  scorer: ScorerBackward,
  normalise: (alignment: Tensor2D, gradient: Tensor2D) => Tensor2D,
  temperature: number,
): AttentionBackward {
  return {
    inputs: (params, { keys, values }) => ({
      keys: keys ?? values,
      values,
      scorer: Object.fromEntries(scorer.uses.map((name) => [name, leaf(params, name)])),
    }),
    step: ({ keys, values, scorer: params }, { alignment, scored }, context, own) => {
      const fromContext = squeeze(matMul(values, expandDims(context, 2)), 2)
      const tempered = normalise(alignment, own === undefined ? fromContext : add(fromContext, own))
      const scores = temperature === 1 ? tempered : div(tempered, temperature)
      return { scores, context, ...scorer.step(params, keys, scored, scores) }
    },
    parameters: ({ scorer: params }, steps, gradients) => {
      const queries = seriesOf(steps.map(({ query }) => query))
      const extras = seriesByName(gradients.map((gradient) => gradient.extras))
      const scored = steps.map((step, t) => ({ residuals: step.scored, gradient: at(gradients, t).scores }))
      const scorerGradients = scorer.parameters(params, { steps: scored, queries, extras })
      const alignments = batchMajor(seriesOf(steps.map(({ alignment }) => alignment)), steps.length)
      const contexts = batchMajor(seriesOf(gradients.map(({ context }) => context)), steps.length)
      return {
        keys: scorerGradients.keys,
        values: matMul(alignments, contexts, true, false),
        scorer: scorerGradients.params,
      }
    },
  }
}
