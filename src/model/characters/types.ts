import type { TObject } from 'typebox'
import { type BuildablePart, ofKind } from '../../core/part.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import type { ParameterTree, Params, ParamsOf } from '../parameters.js'
import type { Side } from '../representation/types.js'

/** The characters of N words: ids [N,C] int32; mask [N,C] float32, 1 on real ones, 0 on padding (always at the end). */
export interface Characters {
  readonly ids: Tensor2D
  readonly mask: Tensor2D
}

/** What reads words by their characters; options and the characters that there are, are bound. */
export interface CharacterReader {
  readonly parameters: ParameterTree
  /** K: what a word becomes. */
  readonly output: Axis
  /** -> [N,K]. A word without characters (padding) may become anything. */
  read(params: Params, characters: Characters): Tensor2D
}

/** What the file of a character reader exports. */
export type CharacterReaderPart<Options extends TObject = TObject> = BuildablePart<
  Options,
  readonly [Side],
  CharacterReader
>

/** Declares what makes a vector of a word's characters. */
export function defineCharacterReader<Options extends TObject>(
  part: CharacterReaderPart<Options>,
): CharacterReaderPart<Options> {
  return ofKind('character reader', part)
}

/** A built reader; `read` gets what `parameters` declares. */
export function characterReader<P extends ParameterTree>(built: {
  readonly parameters: P
  readonly output: Axis
  read(params: ParamsOf<P>, characters: Characters): Tensor2D
}): CharacterReader {
  return built
}
