import type { Static, TObject } from 'typebox'
import { ofKind, type Part } from '../../core/part.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import type { Encoded } from '../encoder/types.js'
import type { ParameterTree, Params, ParamsOf } from '../parameters.js'

export interface ContextSizes {
  /** D: of what the encoder gives at each step. */
  readonly outputs: Axis
}

/** Forms one fixed C of a source; options and sizes are bound. Attention forms its own at each step (decoder/). */
export interface Context {
  readonly parameters: ParameterTree
  /** C. */
  readonly output: Axis
  /** -> [B,C]. */
  form(params: Params, encoded: Encoded): Tensor2D
}

/** What the file of a fixed context exports. */
export interface ContextPart<Options extends TObject = TObject> extends Part<Options> {
  /** False when it works without a last state (all-states): then a feed-forward encoder will do. */
  readonly needsLast: boolean
  build(options: Static<Options>, sizes: ContextSizes): Context
}

/** Declares a way to form one fixed context C of a source. */
export function defineContext<Options extends TObject>(part: ContextPart<Options>): ContextPart<Options> {
  return ofKind('context', part)
}

/** A built context; `form` gets what `parameters` declares. */
export function context<P extends ParameterTree>(built: {
  readonly parameters: P
  readonly output: Axis
  form(params: ParamsOf<P>, encoded: Encoded): Tensor2D
}): Context {
  return built
}
