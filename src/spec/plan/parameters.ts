import type { Problem } from '../../core/errors.js'
import { sources } from '../../data/sources/index.js'
import type { DataSource, SeriesSource } from '../../data/sources/types.js'
import type { ModelSizes } from '../../model/sizes.js'
import { taskOf } from '../../task/index.js'
import type { TaskModel } from '../../task/types.js'
import { parameterCount } from '../../train/loop/train-state.js'
import type { Unknown } from '../explain/symbolic.js'
import type { Spec } from '../types.js'
import { taskNamed } from './rules.js'

/** The model that a spec declares under these sizes; nothing is computed. */
export function modelOf(spec: Pick<Spec, 'task' | 'model'>, sizes: ModelSizes): TaskModel {
  return taskOf(spec.task).build(spec.model, sizes)
}

/** What each side's size is a number of, where the data are not read. */
export function unknownSizes(spec: Pick<Spec, 'task' | 'data'> & Partial<Pick<Spec, 'model'>>): Unknown {
  const sides = taskNamed(spec.task.type)?.sides
  const kind = (side: string | undefined) => (side === 'values' ? 'width' : 'vocabulary')
  const source = sources.build(spec.data.source)
  const lengths = 'windows' in source ? sizesOf(source) : {}
  const target = sides?.target === 'none' ? 'source' : kind(sides?.target)
  const features = source.hasFeatures === true ? { features: true } : {}
  const characters = spec.model?.source?.characters === undefined ? {} : { characters: true }
  const factors = source.factors && { factors: listsOf(source.factors, spec.data.factors) }
  return { source: kind(sides?.source), target, ...features, ...characters, ...factors, ...lengths }
}

/** By name, whether a token may have several values. */
function listsOf(
  given: NonNullable<DataSource['factors']>,
  read: Spec['data']['factors'] = {},
): NonNullable<Unknown['factors']> {
  const lists = Object.entries(given).map(([name, format]) => {
    return [name, (read[name]?.separator ?? format.separator) !== undefined] as const
  })
  return Object.fromEntries(lists)
}

function sizesOf({ windows: { window, horizon }, knownAhead }: SeriesSource) {
  return { longestSource: window, longestTarget: horizon, ...(knownAhead && { ahead: knownAhead }) }
}

/** Numbers in all parameters, the frozen ones included. */
export function countParameters({ parameters }: TaskModel): number {
  return parameterCount(parameters)
}

/** The rules of the task about a model; nothing where it can be built. */
export function modelProblems(spec: Spec): readonly Problem[] {
  return taskOf(spec.task).problems(spec.model)
}
