import type { Problem } from '../../core/errors.js'
import { joinedProblems, unreadProblems } from '../inside-tokens.js'
import type { ModelOptions } from '../options.js'
import { type RepresentationChoice, representations } from '../representation/index.js'
import type { RepresentationPart } from '../representation/types.js'

const factors = { path: 'model.source.factors', name: 'factors', what: 'factors of tokens' } as const

/** What is wrong with reading the factors of a source's symbols. Pure; needs no data. */
export function factorProblems(
  model: Pick<ModelOptions, 'source' | 'features'>,
  needs: { readonly kind: 'ids' | 'values'; readonly stepByStep: boolean },
): Problem[] {
  if (model.source?.factors === undefined) return []
  const unread = unreadProblems(factors, needs)
  if (unread.length > 0) return unread
  const each = Object.entries(model.source.factors).flatMap(([name, choice]) => {
    return choiceProblems(choice, `${factors.path}.${name}`)
  })
  return [...each, ...joinedProblems(factors, model)]
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
