import type { Problem } from '../../core/errors.js'
import type { ModelOptions } from '../options.js'

const path = 'model.source.characters'

/** What is wrong with reading the characters of a source's symbols. Pure; needs no data. */
export function characterProblems(
  { source, features }: Pick<ModelOptions, 'source' | 'features'>,
  needs: { readonly kind: 'ids' | 'values'; readonly stepByStep: boolean },
): Problem[] {
  if (source?.characters === undefined) return []
  if (needs.kind === 'values' || needs.stepByStep) {
    const message = 'this task does not read the characters inside tokens'
    return [{ path, message, expected: 'the task tag, classify or transduce, or no characters' }]
  }
  if (features?.join.type !== 'source') return []
  const message = 'features that are positions of the source have no characters'
  return [{ path, message, expected: 'model.features.join: context or attention', received: 'join: source' }]
}
