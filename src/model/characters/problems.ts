import type { Problem } from '../../core/errors.js'
import { joinedProblems, unreadProblems } from '../inside-tokens.js'
import type { ModelOptions } from '../options.js'

const characters = {
  path: 'model.source.characters',
  name: 'characters',
  what: 'the characters inside tokens',
} as const

/** What is wrong with reading the characters of a source's symbols. Pure; needs no data. */
export function characterProblems(
  model: Pick<ModelOptions, 'source' | 'features'>,
  needs: { readonly kind: 'ids' | 'values'; readonly stepByStep: boolean },
): Problem[] {
  if (model.source?.characters === undefined) return []
  const unread = unreadProblems(characters, needs)
  return unread.length > 0 ? unread : joinedProblems(characters, model)
}
