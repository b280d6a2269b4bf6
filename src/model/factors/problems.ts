import type { Problem } from '../../core/errors.js'
import type { ModelOptions } from '../options.js'
import { type RepresentationChoice, representations } from '../representation/index.js'
import type { RepresentationPart } from '../representation/types.js'

const path = 'model.source.factors'

/** What is wrong with reading the factors of a source's symbols. Pure; needs no data. */
export function factorProblems(
  { source, features }: Pick<ModelOptions, 'source' | 'features'>,
  needs: { readonly kind: 'ids' | 'values'; readonly stepByStep: boolean },
): Problem[] {
  if (source?.factors === undefined) return []
  if (needs.kind === 'values' || needs.stepByStep) {
    const message = 'this task does not read factors of tokens'
    return [{ path, message, expected: 'the task tag, classify or transduce, or no factors' }]
  }
  const each = Object.entries(source.factors).flatMap(([name, choice]) => choiceProblems(choice, `${path}.${name}`))
  if (features?.join.type !== 'source') return each
  const message = 'features that are positions of the source have no factors'
  const expected = 'model.features.join: context or attention'
  return [...each, { path, message, expected, received: 'join: source' }]
}

/** A factor's values are the symbols of one token, and word-vector files are of words. */
function choiceProblems(choice: RepresentationChoice, at: string): Problem[] {
  const part: RepresentationPart = representations.get(choice.type)
  const refused = part.refuse?.(choice)
  if (refused !== undefined) return [{ path: at, message: refused }]
  if (part.accepts === 'values' || part.wholeSequence === true) {
    const message = `${part.name} represents ${part.accepts === 'values' ? 'numbers' : 'whole sequences'}, and a factor is a symbol of each token`
    return [{ path: at, message, expected: 'embedding, one-hot or vectors', received: part.name }]
  }
  if (choice.type !== 'embedding' || choice.start !== 'vectors') return []
  const message = 'data.vectors has files for source and target alone'
  return [{ path: `${at}.start`, message, expected: 'random', received: 'vectors' }]
}
