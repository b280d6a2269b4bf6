import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../../core/tf.js'
import { batchMajor, named, namedSeries, seriesOf } from './series.js'
import type { FastScorer, Named } from './types.js'

// One step of attention and its way back: shared by the loops that attend before the cells and after them.

/** A scorer with its options, and what its scores are divided by. */
export interface Attending {
  readonly fast: FastScorer
  readonly options: unknown
  readonly temperature: number
}

/** What is attended to. */
export interface Attended {
  /** Prepared keys [B,S,K]. */
  readonly keys: Tensor3D
  /** [B,S,D]. */
  readonly values: Tensor3D
}

/** One step forwards. */
export interface Attention {
  readonly query: Tensor2D
  /** [B,S]. */
  readonly alignment: Tensor2D
  /** [B,D]. */
  readonly context: Tensor2D
  readonly scored: readonly Tensor[]
}

/** One step's way back. */
export interface AttentionBack {
  /** Gradient of the scores [B,S]. */
  readonly scores: Tensor2D
  /** Gradient of the query [B,Q]. */
  readonly query: Tensor2D
  readonly context: Tensor2D
  readonly more: Named
}

/** e = score(q, k) / temperature, α = softmax(e + bias), C = Σ α v; bias [B,S] is far below zero on padding. */
export function attend(
  { fast, options, temperature }: Attending,
  params: Named,
  query: Tensor2D,
  { keys, values }: Attended,
  bias: Tensor2D,
): Attention {
  const { scores, kept } = fast.score(options, params, query, keys)
  const tempered = temperature === 1 ? scores : tf.div(scores, temperature)
  const alignment = tf.softmax(tf.add(tempered, bias)) as Tensor2D
  const context = tf.squeeze(tf.matMul(tf.expandDims(alignment, 1) as Tensor3D, values), [1]) as Tensor2D
  return { query, alignment, context, scored: kept }
}

/** With dα = v dC: de = α ⊙ (dα − Σ_s α dα), then the scorer's own way back to the query. */
export function attendBack(
  { fast, options, temperature }: Attending,
  params: Named,
  { keys, values }: Attended,
  { alignment, scored }: Attention,
  context: Tensor2D,
): AttentionBack {
  const dAlignment = tf.squeeze(tf.matMul(values, tf.expandDims(context, 2) as Tensor3D), [2]) as Tensor2D
  const product = tf.mul(alignment, dAlignment)
  const tempered = tf.sub(product, tf.mul(alignment, tf.sum(product, 1, true))) as Tensor2D
  const scores: Tensor2D = temperature === 1 ? tempered : tf.div(tempered, temperature)
  return { scores, context, ...fast.back(options, params, keys, scored, scores) }
}

/** Gradients of the scorer's parameters, keys and values out of all steps: dv = Σ_t α_t ⊗ dC_t is one batched product. */
export function attendedGradients(
  { fast, options }: Attending,
  params: Named,
  { keys }: Attended,
  steps: readonly Attention[],
  back: readonly AttentionBack[],
): { readonly attended: Attended; readonly scorer: Named } {
  const scores = steps.map(({ scored }, t) => ({ kept: scored, gradient: (back[t] as AttentionBack).scores }))
  const query = seriesOf(steps.map((step) => step.query))
  const found = fast.gradients(options, params, keys, scores, {
    query,
    more: namedSeries(back.map(({ more }) => more)),
  })
  const alignments = batchMajor(seriesOf(steps.map(({ alignment }) => alignment)), steps.length)
  const contexts = batchMajor(seriesOf(back.map(({ context }) => context)), steps.length)
  return {
    attended: { keys: found.keys, values: tf.matMul(alignments, contexts, true, false) },
    scorer: named(fast.scoring(options), found.params),
  }
}
