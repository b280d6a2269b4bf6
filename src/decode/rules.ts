import type { Problem } from '../core/errors.js'
import { type DecodeOptions, searchMethods } from './index.js'
import type { SearchMethod } from './types.js'

/**
 * What of a search method's options contradicts itself, or needs alignments that the model has not (`attends`); `path` is
 * their place in the spec.
 */
export function decodeProblems(options: DecodeOptions, path: string, attends = true): Problem[] {
  const method: SearchMethod = searchMethods.get(options.type)
  const problems = method.problems?.(options) ?? []
  const option = attends ? undefined : method.needsAlignment?.(options)
  const message = 'the model does not attend to its source, and this needs alignments'
  const unseen = option === undefined ? [] : [{ path: option, message, expected: 'model.context: attention' }]
  return [...problems, ...unseen].map((problem) => ({ ...problem, path: `${path}.${problem.path}` }))
}
