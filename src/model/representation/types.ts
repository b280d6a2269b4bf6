import type { Static, TObject } from 'typebox'
import { ofKind, type Part } from '../../core/part.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import type { ParameterTree, Params, ParamsOf } from '../parameters.js'

/** ids [B,S] int32 or values [B,S,F] float32; mask [B,S] float32, 1 on real steps, 0 on padding (always at the end). */
export type Sequence =
  | {
      readonly ids: Tensor2D
      readonly mask: Tensor2D
      /** [B,S] int32, where a head copies: each source symbol as a target symbol (heads/types.ts, `HeadSource`). */
      readonly copies?: Tensor2D
      /**
       * Features' ids and their mask: [B,F]; where they are positions of the source, [B,S] as `ids` are, 1 where one is, and
       * `ids` are padding there.
       */
      readonly features?: { readonly ids: Tensor2D; readonly mask: Tensor2D }
      /** Each symbol's characters and their mask: [B,S,C]. */
      readonly characters?: { readonly ids: Tensor3D; readonly mask: Tensor3D }
      /** Each symbol's factors by name, their values and the mask of these: [B,S,K], or [B,S,1] of those with one value. */
      readonly factors?: Readonly<Record<string, { readonly ids: Tensor3D; readonly mask: Tensor3D }>>
    }
  | { readonly values: Tensor3D; readonly mask: Tensor2D }

/** One side of the data: the number of symbols, or the number of values per step. */
export type SymbolSpace = { readonly vocabulary: number } | { readonly width: number }

/** What representations and copying heads may need to know beyond sizes. */
export interface KnownSymbols {
  /** Every symbol by id. */
  readonly symbols: readonly string[]
  /** Values of a word-vector file, one row per symbol [V * width]; NaN where it lacks one. */
  readonly vectors?: { readonly width: number; readonly data: Float32Array }
}

/** One side (source or target) of the data as a model sees it. */
export interface Side {
  /** `ids`: a sequence of symbols; `values`: a sequence of numbers. */
  readonly kind: 'ids' | 'values'
  /** Its symbols (V_s, V_t) or the numbers of a step (F_s, F_t), and what indexes them. */
  readonly axis: Axis
  readonly known?: KnownSymbols
}

/** A representation whose options and side are bound. */
export interface BuiltRepresentation {
  readonly parameters: ParameterTree
  /** E: what one symbol becomes. The side's own axis where it has a place for every symbol (one-hot). */
  readonly output: Axis
  /** ids [B,S] or values [B,S,F] -> [B,S,E]. Padding may be anything: the mask hides it. */
  embed(params: Params, sequence: Sequence): Tensor3D
}

/** What a representation's file exports. */
export interface RepresentationPart<Options extends TObject = TObject> extends Part<Options> {
  /** Which inputs it takes. */
  readonly accepts: 'ids' | 'values' | 'both'
  /** It looks at the whole sequence at once, and so cannot be used where symbols come one by one. */
  readonly wholeSequence?: true
  /** Why these options cannot be, or nothing. */
  refuse?(options: Static<Options>): string | undefined
  /** Throws SeqlabError 'data' where what is known of the symbols does not fit the options. */
  build(options: Static<Options>, side: Side): BuiltRepresentation
}

/** Declares a representation, which makes a vector of each symbol or of each step's numbers. */
export function defineRepresentation<Options extends TObject>(
  part: RepresentationPart<Options>,
): RepresentationPart<Options> {
  return ofKind('representation', part)
}

/** A built representation; its functions receive what it declares. */
export function representation<P extends ParameterTree>(built: {
  readonly parameters: P
  readonly output: Axis
  embed(params: ParamsOf<P>, sequence: Sequence): Tensor3D
}): BuiltRepresentation {
  return built
}
