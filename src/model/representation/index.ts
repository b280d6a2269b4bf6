import type { Static } from 'typebox'
import type { Problem } from '../../core/errors.js'
import { partSchema, registry } from '../../core/part.js'
import type { Tensor3D } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import type { KnownSymbols, ParameterSpec, Params, Representation, Sequence, SymbolSpace } from '../types.js'
import { bagOfWords } from './bag-of-words.js'
import { embedding } from './embedding.js'
import { numbers } from './numbers.js'
import { oneHot } from './one-hot.js'
import { vectors } from './vectors.js'

export const representations = registry('representation', {
  embedding,
  'one-hot': oneHot,
  'bag-of-words': bagOfWords,
  vectors,
  numbers,
})
export const RepresentationChoice = partSchema(representations, { description: 'How a symbol becomes numbers.' })
export type RepresentationChoice = Static<typeof RepresentationChoice>

/** A representation with its options and the symbols it is for. */
export interface BuiltRepresentation {
  readonly parameters: Tree<ParameterSpec>
  /** E. */
  readonly size: number
  /** ids [B,S] or values [B,S,F] -> [B,S,E]. */
  embed(params: Params, sequence: Sequence): Tensor3D
}

export function buildRepresentation(
  choice: RepresentationChoice,
  space: SymbolSpace,
  known?: KnownSymbols,
): BuiltRepresentation {
  const part: Representation = representations.parts[choice.type]
  return {
    parameters: part.parameters(choice, space, known),
    size: part.size(choice, space),
    embed: (params, sequence) => part.embed(choice, params, sequence, space),
  }
}

/**
 * Whether a representation fits where it stands: symbols or numbers, and (a decoder's side, a language model) symbols
 * that come one by one.
 */
export function representationProblems(
  choice: RepresentationChoice,
  path: string,
  needs: { readonly kind: 'ids' | 'values'; readonly stepByStep: boolean },
): Problem[] {
  const part: Representation = representations.parts[choice.type]
  const refused = part.refuse?.(choice)
  const problems: Problem[] = refused === undefined ? [] : [{ path, message: refused }]
  if (part.accepts !== 'both' && part.accepts !== needs.kind) {
    const [takes, has] = part.accepts === 'ids' ? ['symbols', 'numbers'] : ['numbers', 'symbols']
    problems.push({ path, message: `${part.name} represents ${takes}, and this side has ${has}` })
  }
  if (part.wholeSequence && needs.stepByStep) {
    const message = `${part.name} looks at the whole sequence at once, and here symbols come one by one`
    problems.push({ path, message, expected: 'embedding, one-hot or vectors' })
  }
  return problems
}
