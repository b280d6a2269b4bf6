import type { Tensor, Tensor2D, Tensor3D } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'

// Handwritten gradients of whole sequences: the forward pass is the parts' own, and the backward pass is written out, so
// that the gradient of a weight is one product over all steps instead of one per step.

/**
 * Matrices by name: of one step, [B,n] each, or of a series, [T*B,n], step after step with all examples of the first step
 * first.
 */
export type Matrices = Readonly<Record<string, Tensor2D>>

/**
 * The columns of one matrix in parts, side by side: [B,n1], [B,n2], .. To join them is a copy, and a product with them is
 * the sum of their products.
 */
export type Columns = readonly Tensor2D[]

/** What a step of a cell started from, and its residuals. */
export interface SavedStep<S = Matrices, R = Matrices> {
  readonly before: S
  readonly residuals: R
}

/** What a scorer's fast path is made of. Scores are normalised by a softmax, so their gradients sum to zero over S. */
export interface FastScorer<O = any> {
  /** Parameters that `score` uses, in the order that `gradients` returns them. */
  scoring(options: O): readonly string[]
  /** query [B,Q], prepared keys [B,S,K] -> scores [B,S]. */
  score(
    options: O,
    params: Tree<Tensor>,
    query: Tensor2D,
    keys: Tensor3D,
  ): { scores: Tensor2D; kept: readonly Tensor[] }
  /** Gradient of one step's scores [B,S] -> of the query [B,Q], and what `gradients` needs of this step. */
  back(
    options: O,
    params: Tree<Tensor>,
    keys: Tensor3D,
    kept: readonly Tensor[],
    gradient: Tensor2D,
  ): { readonly query: Tensor2D; readonly more: Matrices }
  /** Gradients of the keys [B,S,K] and of the parameters, out of all steps. */
  gradients(
    options: O,
    params: Tree<Tensor>,
    keys: Tensor3D,
    steps: readonly { readonly kept: readonly Tensor[]; readonly gradient: Tensor2D }[],
    series: { readonly query: Tensor2D; readonly more: Matrices },
  ): { readonly keys: Tensor3D; readonly params: readonly Tensor[] }
}
