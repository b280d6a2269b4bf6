import type { Problem } from '../core/errors.js'
import { type DecodeOptions, decoders } from './options.js'
import type { Search, SearchMethod } from './types.js'

/** The search that a spec's `decode` names. */
export function searchOf(options: DecodeOptions): Search {
  return partOf(options).search(options)
}

/** What of `decode` contradicts itself. */
export function decodeProblems(options: DecodeOptions): Problem[] {
  const problems = partOf(options).problems?.(options) ?? []
  return problems.map((problem) => ({ ...problem, path: `decode.${problem.path}` }))
}

function partOf(options: DecodeOptions): SearchMethod {
  return decoders.parts[options.type]
}
