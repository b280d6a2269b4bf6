import type { Place, Problem } from '../../../core/errors.js'
import { isJsonObject } from '../../../core/json.js'
import type { ModelSizes } from '../../../model/sizes.js'
import { valueAt } from '../../settings.js'
import type { LoadedSpec, Spec } from '../../types.js'
import { countParameters, modelOf, modelProblems } from '../parameters.js'
import type { Match } from './match-options.js'

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
export function matchParameters(
  sizes: ReadonlyMap<LoadedSpec, ModelSizes>,
  { parameters, by, places = [] }: Match,
): MatchResult {
  const [first] = sizes
  if (first === undefined) return { specs: [], matched: [], problems: [] }
  const effects = [...sizes].map(([{ spec }, known]) => effectsOf(spec, by, known))
  const problems = by.flatMap((path, at) => (isSize(path, effects) ? [] : [noSize(path, at, places[at])]))
  if (problems.length > 0) return { specs: [], matched: [], problems }
  const wanted = parameters === 'first' ? countParameters(modelOf(first[0].spec, first[1])) : parameters
  const results = [...sizes].map(([loaded, known], at) =>
    matchOne(
      loaded,
      wanted,
      by.filter((path) => effects[at]?.get(path) === true),
      known,
    ),
  )
  return {
    specs: results.flatMap(({ loaded, problem }) => (problem === undefined ? [loaded] : [])),
    matched: results.flatMap(({ matched }) => (matched === undefined ? [] : [matched])),
    problems: results.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
  }
}

/** Whether a path changes the number of parameters of a variant that has it, or none has it. */
function isSize(path: string, effects: readonly ReadonlyMap<string, boolean>[]): boolean {
  const known = effects.map((each) => each.get(path))
  return known.includes(true) || !known.includes(false)
}

function noSize(path: string, at: number, place: Place | undefined): Problem {
  const message = `the number of parameters does not depend on \`${path}\`, so it cannot be solved for`
  const expected = 'paths of sizes, such as `model.encoder.hidden`'
  return { path: `match.by.${at}`, message, expected, ...(place && { place }) }
}

/**
 * Which of the paths that have a number in a spec change the number of parameters. One that changes it only together with
 * others (sizes that must be equal) does; so does one of which no other value gives a model that can be built.
 */
function effectsOf(spec: Spec, by: readonly string[], sizes: ModelSizes): ReadonlyMap<string, boolean> {
  const paths = by.filter((path) => typeof valueAt(spec, path) === 'number')
  const count = (changed: Spec) =>
    modelProblems(changed).length > 0 ? undefined : countParameters(modelOf(changed, sizes))
  const isIdle = (path: string) =>
    changes.some((change) => {
      const [whole, without] = [paths, paths.filter((other) => other !== path)].map((each) =>
        count(changedAt(spec, each, change)),
      )
      return whole !== undefined && whole === without
    })
  return new Map(paths.map((path) => [path, !isIdle(path)]))
}

/** Multiples of sizes can be built where the sizes can, whatever divides them. */
const changes: readonly ((value: number) => number)[] = [(value) => 2 * value, (value) => 3 * value]

function changedAt(spec: Spec, paths: readonly string[], change: (value: number) => number): Spec {
  const changed = structuredClone(spec)
  for (const path of paths) setNumber(changed, path, Math.max(1, Math.round(change(Number(valueAt(spec, path))))))
  return changed
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
