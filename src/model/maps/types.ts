import type { TObject } from 'typebox'
import type { Part } from '../../core/part.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import type { ParameterSpec, Params } from '../types.js'

/** A learned map of one vector to another. */
export interface VectorMap<Options extends TObject = TObject, O = any> extends Part<Options> {
  size(options: O, input: number): number
  parameters(options: O, input: number): Tree<ParameterSpec>
  /** x [N,I] -> [N,size], all float32. */
  apply(options: O, params: Params, x: Tensor2D): Tensor2D
}
