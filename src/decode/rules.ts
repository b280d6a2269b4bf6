import type { Problem } from '../core/errors.js'
import { type DecodeOptions, searchMethods } from './index.js'
import type { SearchMethod } from './types.js'

/** What of a search method's options contradicts itself; `path` is their place in the spec. */
export function decodeProblems(options: DecodeOptions, path: string): Problem[] {
  const method: SearchMethod = searchMethods.get(options.type)
  const problems = method.problems?.(options) ?? []
  return problems.map((problem) => ({ ...problem, path: `${path}.${problem.path}` }))
}
