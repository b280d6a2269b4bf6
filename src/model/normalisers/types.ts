import type { TObject } from 'typebox'
import type { Part } from '../../core/part.js'
import type { Tensor } from '../../core/tf.js'

/** Turns scores into an alignment. */
export interface Normaliser<Options extends TObject = TObject, O = any> extends Part<Options> {
  /** scores [...,S], far below zero on padding -> [...,S]: not negative, sum 1, exactly 0 on padding. */
  normalise(options: O, scores: Tensor): Tensor
}
