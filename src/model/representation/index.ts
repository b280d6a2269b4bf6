import type { Static } from 'typebox'
import type { Problem } from '../../core/errors.js'
import { partSchema, registry } from '../../core/part.js'
import { bagOfWords } from './bag-of-words.js'
import { embedding } from './embedding.js'
import { numbers } from './numbers.js'
import { oneHot } from './one-hot.js'
import type { BuiltRepresentation, RepresentationPart, Side } from './types.js'
import { vectors } from './vectors.js'

export type { BuiltRepresentation }

export const representations = registry('representation', {
  embedding,
  'one-hot': oneHot,
  'bag-of-words': bagOfWords,
  vectors,
  numbers,
})
export const RepresentationChoice = partSchema(representations, {
  description: 'Representation of a symbol as a vector.',
})
export type RepresentationChoice = Static<typeof RepresentationChoice>

export function buildRepresentation(choice: RepresentationChoice, side: Side): BuiltRepresentation {
  return representations.build(choice, side)
}

/**
 * Whether a representation fits its side: symbols or numbers, and (a decoder's side, a language model) symbols
 * that come one by one.
 */
export function representationProblems(
  choice: RepresentationChoice,
  path: string,
  needs: { readonly kind: 'ids' | 'values'; readonly stepByStep: boolean },
): Problem[] {
  const part: RepresentationPart = representations.get(choice.type)
  const refused = part.refuse?.(choice)
  const problems: Problem[] = refused === undefined ? [] : [{ path, message: refused }]
  if (part.accepts !== 'both' && part.accepts !== needs.kind) {
    const [takes, has] = part.accepts === 'ids' ? ['symbols', 'numbers'] : ['numbers', 'symbols']
    problems.push({ path, message: `${part.name} represents ${takes}, but this side has ${has}` })
  }
  if (part.wholeSequence && needs.stepByStep) {
    const message = `${part.name} needs the whole sequence at once, but here symbols come one by one`
    problems.push({ path, message, expected: 'embedding, one-hot or vectors' })
  }
  return problems
}
