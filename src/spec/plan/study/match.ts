import type { Problem } from '../../../core/errors.js'
import { isJsonObject } from '../../../core/json.js'
import type { ModelSizes } from '../../../model/sizes.js'
import { valueAt } from '../../settings.js'
import type { LoadedSpec, Spec } from '../../types.js'
import { countParameters, modelOf, modelProblems } from '../parameters.js'
import type { Match } from './load-study.js'

/** What was chosen for one variant so that it has the wanted number of parameters. */
export interface Matched {
  readonly label: string
  readonly sizes: Readonly<Record<string, number>>
  readonly parameters: number
  readonly wanted: number
}

export interface MatchResult {
  /** Those that have the wanted number. */
  readonly specs: readonly LoadedSpec[]
  readonly matched: readonly Matched[]
  readonly problems: readonly Problem[]
}

const tolerance = 0.01
const largest = 65_536
/** Sizes that are tried before a model counts as one that cannot be built: more than heads that share a size. */
const reach = 256

/** Gives every variant the same number of parameters, within 1 %, by its hidden sizes; reports the chosen sizes. */
export function matchParameters(sizes: ReadonlyMap<LoadedSpec, ModelSizes>, { parameters, by }: Match): MatchResult {
  const [first] = sizes
  if (first === undefined) return { specs: [], matched: [], problems: [] }
  const wanted = parameters === 'first' ? countParameters(modelOf(first[0].spec, first[1])) : parameters
  const results = [...sizes].map(([loaded, known]) => matchOne(loaded, wanted, by, known))
  return {
    specs: results.flatMap(({ loaded, problem }) => (problem === undefined ? [loaded] : [])),
    matched: results.flatMap(({ matched }) => (matched === undefined ? [] : [matched])),
    problems: results.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
  }
}

interface One {
  readonly loaded: LoadedSpec
  readonly matched?: Matched
  readonly problem?: Problem
}

function matchOne(loaded: LoadedSpec, wanted: number, by: readonly string[], sizes: ModelSizes): One {
  const { spec, label, file } = loaded
  const paths = by.filter((path) => typeof valueAt(spec, path) === 'number')
  const place = { file }
  if (paths.length === 0) {
    return {
      loaded,
      problem: {
        path: 'match',
        message: `"${label}" has none of the sizes to solve for`,
        hint: 'a list of sizes, one for each layer, stays as it is',
        place,
      },
    }
  }
  const candidates = nearSizes(spec, paths, wanted, sizes)
  const [best] = candidates.toSorted(
    (left, right) => Math.abs(left.parameters - wanted) - Math.abs(right.parameters - wanted),
  )
  if (best === undefined) {
    return {
      loaded,
      problem: { path: 'match', message: `no size of "${label}" gives a model that can be built`, place },
    }
  }
  const matched = { label, sizes: sizesAt(best.spec, paths), parameters: best.parameters, wanted }
  if (Math.abs(best.parameters - wanted) <= tolerance * wanted)
    return { loaded: { ...loaded, spec: best.spec }, matched }
  return { loaded, problem: { ...tooFar(matched), place } }
}

function tooFar({ label, sizes, parameters, wanted }: Matched): Problem {
  return {
    path: 'match',
    message: `"${label}" cannot have ${wanted} parameters within 1 %`,
    received: `${parameters} at the nearest, with ${Object.entries(sizes)
      .map(([path, size]) => `${path}=${size}`)
      .join(', ')}`,
    hint: 'whole sizes are too coarse for small models: give a larger number of parameters, or solve for other sizes',
  }
}

/** The last model with fewer parameters (their number grows with the size) and the first with as many as wanted, or more. */
function nearSizes(spec: Spec, paths: readonly string[], wanted: number, sizes: ModelSizes): readonly Sized[] {
  const sized = (size: number): Sized | undefined => {
    const tried = scaled(spec, paths, size)
    if (modelProblems(tried).length > 0) return undefined
    return { size, spec: tried, parameters: countParameters(modelOf(tried, sizes)) }
  }
  let [low, high] = [1, largest]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const found = nextLegal(middle, 1, sized)
    if (found === undefined || found.parameters >= wanted) high = middle
    else low = found.size + 1
  }
  return [nextLegal(low - 1, -1, sized), nextLegal(low, 1, sized)].filter((each) => each !== undefined)
}

interface Sized {
  readonly size: number
  readonly spec: Spec
  readonly parameters: number
}

/** Some sizes cannot be built (heads that must divide them): the nearest that can, upwards or downwards. */
function nextLegal(from: number, step: 1 | -1, sized: (size: number) => Sized | undefined): Sized | undefined {
  for (let size = from; size >= 1 && size <= largest && Math.abs(size - from) < reach; size += step) {
    const found = sized(size)
    if (found !== undefined) return found
  }
  return undefined
}

/** The first path gets `size`, the others keep their ratio to it. */
function scaled(spec: Spec, paths: readonly string[], size: number): Spec {
  const first = Number(valueAt(spec, paths[0] ?? ''))
  const changed = structuredClone(spec)
  for (const path of paths) {
    const ratio = Number(valueAt(spec, path)) / first
    setNumber(changed, path, Math.min(largest, Math.max(1, Math.round(size * ratio))))
  }
  return changed
}

function sizesAt(spec: Spec, paths: readonly string[]): Record<string, number> {
  return Object.fromEntries(paths.map((path) => [path, Number(valueAt(spec, path))]))
}

/** Overwrites a number within a map that is there. */
function setNumber(spec: Spec, path: string, value: number): void {
  const end = path.lastIndexOf('.')
  const parent = valueAt(spec, path.slice(0, end))
  if (isJsonObject(parent)) Reflect.set(parent, path.slice(end + 1), value)
}
