import type { Place, Problem } from '../../../core/errors.js'
import { unknownName } from '../../../core/suggest.js'
import { settingsOf, valueAt } from '../../settings.js'
import type { StudyOptions } from '../../study-options.js'
import type { LoadedSpec } from '../../types.js'

/** What a study makes equal, and by which sizes. */
export interface Match {
  readonly parameters: number | 'first'
  readonly by: readonly string[]
  /** Where each of the paths is written. */
  readonly places?: readonly Place[]
}

/** Paths that are varied already, or that no variant has. `paths`: those of the grid. */
export function matchProblems(
  options: StudyOptions,
  paths: readonly string[],
  specs: readonly LoadedSpec[],
): Problem[] {
  const by = matchOf(options)?.by ?? []
  const both = by
    .filter((path) => paths.includes(path))
    .map((path) => ({ path: 'match', message: `\`${path}\` cannot be both varied by the grid and solved for` }))
  const isKnown = (path: string) =>
    usualSizes.includes(path) || specs.some(({ spec }) => valueAt(spec, path) !== undefined)
  const unknown = by.flatMap((path, at) =>
    isKnown(path) ? [] : unknownName(`match.by.${at}`, 'size', path, modelCounts(specs)),
  )
  return [...both, ...unknown]
}

/** Paths of whole numbers of the variants' models. */
function modelCounts(specs: readonly LoadedSpec[]): readonly string[] {
  const settings = specs.flatMap(({ spec }) => [...settingsOf(spec)])
  const numbers = settings.filter(
    ([path, value]) => path.startsWith('model.') && Number.isInteger(value) && Number(value) > 0,
  )
  return [...new Set(numbers.map(([path]) => path))]
}

/** `match: parameters` written out. */
export function matchOf({ match }: StudyOptions): Match | undefined {
  if (match !== 'parameters') return match
  return { parameters: 'first', by: usualSizes }
}

/** What is solved for by default: those of them that a variant has. */
const usualSizes: readonly string[] = ['model.encoder.hidden', 'model.decoder.hidden']
