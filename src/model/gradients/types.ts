import type { Tensor2D } from '../../core/tf.js'

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
