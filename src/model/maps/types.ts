import type { TObject } from 'typebox'
import { type BuildablePart, ofKind } from '../../core/part.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import type { ParameterTree, Params, ParamsOf } from '../parameters.js'

/** A learned map of one vector to another, its options and the vector's axis bound. */
export interface VectorMap {
  readonly parameters: ParameterTree
  readonly output: Axis
  /** x [N,I] -> [N,O], all float32. */
  apply(params: Params, x: Tensor2D): Tensor2D
}

export type MapPart<Options extends TObject = TObject> = BuildablePart<Options, readonly [input: Axis], VectorMap>

/** Declares a learned map of one vector to another. */
export function defineMap<Options extends TObject>(part: MapPart<Options>): MapPart<Options> {
  return ofKind('map', part)
}

/** A built map; `apply` gets what `parameters` declares. */
export function vectorMap<P extends ParameterTree>(built: {
  readonly parameters: P
  readonly output: Axis
  apply(params: ParamsOf<P>, x: Tensor2D): Tensor2D
}): VectorMap {
  return built
}
