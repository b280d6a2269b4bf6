import type { Problem } from '../core/errors.js'
import { type DecodeOptions, searchMethods } from './index.js'
import type { SearchMethod } from './types.js'

/** What of `decode` contradicts itself. */
export function decodeProblems(options: DecodeOptions): Problem[] {
  const method: SearchMethod = searchMethods.get(options.type)
  const problems = method.problems?.(options) ?? []
  return problems.map((problem) => ({ ...problem, path: `decode.${problem.path}` }))
}
