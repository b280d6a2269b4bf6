import type { Static, TObject } from 'typebox'
import { ofKind, type Part } from '../../core/part.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import type { Matrices } from '../gradients/types.js'
import type { ParameterTree, Params, ParamsOf } from '../parameters.js'

export interface ScorerSizes {
  /** Q: of the query, a decoder state. */
  readonly query: Axis
  /** D: of each key, an encoder output. */
  readonly key: Axis
  /** Whether attention keeps coverage, so that a scorer with a place for it has parameters for that. */
  readonly coverage: boolean
  /** What these sizes are called in messages, where they are not the decoder's hidden size and the encoder's output size. */
  readonly called?: { readonly query: string; readonly key: string }
}

/** Tensors of one step by name: what `backward` needs of the forward pass. */
export type Residuals = Readonly<Record<string, Tensor2D | Tensor3D>>

/** Scores [B,S], or [B,N,S] of N heads that share the values' numbers equally; attention masks them. */
export interface Scored<T extends Tensor2D | Tensor3D = Tensor2D | Tensor3D, R = Residuals> {
  readonly scores: T
  /** What `backward` needs of this step; nothing where there is no `backward`. */
  readonly residuals: R
}

/** How well a query fits each key, before normalising. Options and sizes are bound. */
export interface Scorer {
  readonly parameters: ParameterTree
  /** What can be computed once a source: keys [B,S,D] -> [B,S,K], which `score` takes. Default: the keys themselves. */
  prepare?(params: Params, keys: Tensor3D): Tensor3D
  /** What is summed up: values [B,S,D] -> [B,S,D]. Default: the encoder's outputs themselves. */
  prepareValues?(params: Params, values: Tensor3D): Tensor3D
  /** query [B,Q], prepared keys [B,S,K]. */
  score(params: Params, query: Tensor2D, keys: Tensor3D): Scored
  /** The same with coverage [B,S] in it; else attention adds a learned multiple of coverage to the scores. */
  scoreCovered?(params: Params, query: Tensor2D, keys: Tensor3D, coverage: Tensor2D): Scored
  /** The gradient of a series of steps written out; without it autodiff differentiates `score`. Of one head alone. */
  readonly backward?: ScorerBackward
}

/** The handwritten gradient. A normaliser's gradients sum to zero over S, and it may rely on that. */
export interface ScorerBackward<Name extends string = string, Used = Params, R = Residuals, X = Matrices> {
  /** The parameters that `score` uses itself (those of `prepare` have their gradient through the keys). */
  readonly uses: readonly Name[]
  /** Gradient of one step's scores [B,S] -> of the query [B,Q], and what `parameters` needs of this step. */
  step(params: Used, keys: Tensor3D, residuals: R, gradient: Tensor2D): { readonly query: Tensor2D; readonly extras: X }
  /** Gradients of the prepared keys [B,S,K] and of the parameters used, out of all steps. */
  parameters(params: Used, steps: ScorerSteps<R, X>): { readonly keys: Tensor3D; readonly params: Used }
}

/** All steps of a series: step by step, and as series [T*B,..] what is matrices. */
export interface ScorerSteps<R, X> {
  readonly steps: readonly { readonly residuals: R; readonly gradient: Tensor2D }[]
  /** [T*B,Q]. */
  readonly queries: Tensor2D
  readonly extras: X
}

/** What a scorer's file exports. */
export interface ScorerPart<Options extends TObject = TObject> extends Part<Options> {
  /** Why these sizes cannot be scored, or nothing (dot needs equal sizes). */
  refuse?(options: Static<Options>, sizes: ScorerSizes): string | undefined
  /** Why sources of this length cannot be scored, or nothing (location has a number of places). */
  refuseSource?(options: Static<Options>, longestSource: number): string | undefined
  build(options: Static<Options>, sizes: ScorerSizes): Scorer
}

/** Declares a scorer, which compares a query with keys. */
export function defineScorer<Options extends TObject>(part: ScorerPart<Options>): ScorerPart<Options> {
  return ofKind('scorer', part)
}

/** A built scorer; its functions receive what it declares. */
export function scorer<
  P extends ParameterTree,
  R extends Residuals,
  X extends Matrices = Readonly<Record<never, never>>,
  Used extends keyof P & string = never,
>(built: {
  readonly parameters: P
  prepare?(params: ParamsOf<P>, keys: Tensor3D): Tensor3D
  prepareValues?(params: ParamsOf<P>, values: Tensor3D): Tensor3D
  score(params: ParamsOf<P>, query: Tensor2D, keys: Tensor3D): Scored<Tensor2D | Tensor3D, R>
  scoreCovered?(
    params: ParamsOf<P>,
    query: Tensor2D,
    keys: Tensor3D,
    coverage: Tensor2D,
  ): Scored<Tensor2D | Tensor3D, R>
  readonly backward?: ScorerBackward<Used, ParamsOf<Pick<P, Used>>, R, X>
}): Scorer {
  return built
}
