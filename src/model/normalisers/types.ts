import type { Static, TObject } from 'typebox'
import { ofKind, type Part } from '../../core/part.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'

/** What turns scores into an alignment; its options are bound. */
export interface Normaliser {
  /** scores [...,S], far below zero on padding -> [...,S]: not negative, sum 1, exactly 0 on padding. */
  normalise<T extends Tensor2D | Tensor3D>(scores: T): T
  /**
   * The gradient written out, at its value: alignment and its gradient [B,S] -> gradient of the scores. Without it
   * autodiff differentiates `normalise`.
   */
  backward?(alignment: Tensor2D, gradient: Tensor2D): Tensor2D
}

/** What a normaliser's file exports. */
export interface NormaliserPart<Options extends TObject = TObject> extends Part<Options> {
  build(options: Static<Options>): Normaliser
}

/** Declares a normaliser, which turns scores into an alignment. */
export function defineNormaliser<Options extends TObject>(part: NormaliserPart<Options>): NormaliserPart<Options> {
  return ofKind('normaliser', part)
}
