import type { Tensor, Tensor2D, Tensor3D } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'

// Hand-derived gradients of whole sequences. A part's `step` is the truth; a fast path is the same function with its
// backward pass written out, so that weights' gradients are one product over all steps instead of one a step.

/**
 * Named matrices: of one step, [B, n], or of a series, [T*B, n], step after step with all examples of the first step
 * first.
 */
export type Named = Readonly<Record<string, Tensor2D>>

/**
 * The columns of one matrix in parts, side by side: [B,n1], [B,n2], .. To join them is a copy, and a product with them is
 * the sum of their products.
 */
export type Columns = readonly Tensor2D[]

/** What a cell's fast path is made of. The cell has parameters `kernel` [I,G] and `bias` [G] and a state `h`, its output. */
export interface FastCell<O = any> {
  /** Parameters beside kernel and bias, in the order that `gradients` returns them. */
  recurrent(options: O): readonly string[]
  /** One step forwards from `gates` = x kernel + bias [B,G] and the state before; `kept` is what the way back needs. */
  step(options: O, params: Tree<Tensor>, gates: Tensor2D, state: Named): { readonly state: Named; readonly kept: Named }
  /** One step backwards: gradient of the state after (a missing one is zero) -> of the gates and of the state before. */
  back(
    options: O,
    params: Tree<Tensor>,
    step: CellStep,
    gradient: Partial<Named>,
  ): { readonly gates: Columns; readonly state: Named; readonly more: Named }
  /** Gradients of the recurrent parameters out of all steps. */
  gradients(options: O, back: CellBack): readonly Tensor[]
}

/** What a step of a cell started from, and what it kept for the way back. */
export interface CellStep {
  readonly before: Named
  readonly kept: Named
}

/** What the way back through a cell's steps gave: the gates as series [T*B,..], and `more` step by step. */
export interface CellBack {
  readonly steps: readonly CellStep[]
  readonly gates: Columns
  readonly more: readonly Named[]
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
  ): { readonly query: Tensor2D; readonly more: Named }
  /** Gradients of the keys [B,S,K] and of the parameters, out of all steps. */
  gradients(
    options: O,
    params: Tree<Tensor>,
    keys: Tensor3D,
    steps: readonly { readonly kept: readonly Tensor[]; readonly gradient: Tensor2D }[],
    series: { readonly query: Tensor2D; readonly more: Named },
  ): { readonly keys: Tensor3D; readonly params: readonly Tensor[] }
}
