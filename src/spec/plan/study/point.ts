import { canonicalJson } from '../../../core/canonical-json.js'
import type { Place } from '../../../core/errors.js'
import { isList, isMap, type Json, type Node, toJson } from '../../document/nodes.js'

/** One value of a variant: where it goes, what it is, where it was written. */
export interface Choice {
  readonly path: string
  readonly node: Node
  /** Where the path was written. */
  readonly keyPlace: Place
}

/** A variant of a study: its values in the grid's order. */
export type Point = readonly Choice[]

/** A key of a grid or a random space, of one path or several, with its values. */
export interface Axis {
  readonly key: string
  readonly keyPlace: Place
  readonly value: Node
}

/** Equal for points of equal values. */
export function pointKey(point: Point): string {
  return valueKey(Object.fromEntries(point.map(({ path, node }) => [path, toJson(node)])))
}

/** Equal for equal values: a part's bare name is the same as a map that has nothing but the name. */
export function valueKey(value: Json): string {
  return canonicalJson(bareNames(value))
}

function bareNames(value: Json): Json {
  if (isList(value)) return value.map(bareNames)
  if (!isMap(value)) return value
  const entries = Object.entries(value)
  const [key, name] = entries[0] ?? []
  if (entries.length === 1 && (key === 'type' || key === 'from') && typeof name === 'string') return name
  return Object.fromEntries(entries.map(([each, inner]) => [each, bareNames(inner)]))
}

/** `a, b`: several paths that move together. */
export function pathsIn(key: string): readonly string[] {
  return key.split(/,\s*/)
}

/** What a value is to the paths of a key: to one as it is, to several one item each. Undefined where they are not as many. */
export function choicesOf(key: string, keyPlace: Place, node: Node): Point | undefined {
  const paths = pathsIn(key)
  if (paths.length === 1) return [{ path: key, node, keyPlace }]
  if (node.kind !== 'list' || node.items.length !== paths.length) return undefined
  return node.items.map((item, at) => ({ path: paths[at] ?? '', node: item, keyPlace }))
}
