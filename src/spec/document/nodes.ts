import type { Place } from '../../core/errors.js'

/**
 * A parsed document with the place of every key and value, so that a value keeps its place through `extends`,
 * `--set` and grids. Maps are Maps: no key can reach a prototype.
 */
export type Node = ScalarNode | ListNode | MapNode

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  readonly place: Place
}

export interface ListNode {
  readonly kind: 'list'
  readonly items: readonly Node[]
  readonly place: Place
}

export interface MapNode {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, Entry>
  readonly place: Place
}

export interface Entry {
  readonly keyPlace: Place
  readonly value: Node
}

/** A value of JSON: what ajv checks and what a spec is. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type JsonMap = { readonly [key: string]: Json }

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `Array.isArray` of a read-only list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

export function toJson(node: Node): Json {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(toJson)
  return toJsonMap(node)
}

export function toJsonMap(node: MapNode): JsonMap {
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toJson(value)]))
}

/** JSON as nodes that all have one place (a `--set`, a point of a grid). */
export function fromJson(value: Json, place: Place): Node {
  if (isList(value)) return { kind: 'list', items: value.map((item) => fromJson(item, place)), place }
  if (!isMap(value)) return { kind: 'scalar', value, place }
  const entries = Object.entries(value).map(([key, child]): [string, Entry] => [
    key,
    { keyPlace: place, value: fromJson(child, place) },
  ])
  return { kind: 'map', entries: new Map(entries), place }
}

/** A map that holds `value` at `path` and nothing else, all at one place. */
export function nest(path: readonly string[], value: Node, keyPlace: Place = value.place): Node {
  return path.reduceRight<Node>(
    (inner, key) => ({
      kind: 'map',
      entries: new Map([[key, { keyPlace, value: inner }]]),
      place: value.place,
    }),
    value,
  )
}

export function child(node: Node | undefined, key: string): Node | undefined {
  if (node?.kind === 'map') return node.entries.get(key)?.value
  return node?.kind === 'list' ? node.items[Number(key)] : undefined
}

export function without(node: MapNode, ...keys: readonly string[]): MapNode {
  return { ...node, entries: new Map([...node.entries].filter(([key]) => !keys.includes(key))) }
}

/**
 * The place of a dotted path: of the value where it was written (of its key with `at: 'key'`), else of the nearest
 * key above it that was. Keys may be dotted paths themselves, as those of a grid are.
 */
export function placeOf(root: Node, path: string, at: 'key' | 'value' = 'value'): Place {
  let place = root.place
  let node: Node | undefined = root
  const steps = path === '' ? [] : path.split('.')
  for (const [index, step] of steps.entries()) {
    const whole: Entry | undefined = index < steps.length - 1 ? entryOf(node, steps.slice(index).join('.')) : undefined
    const entry: Entry | undefined = whole ?? entryOf(node, step)
    const next: Node | undefined = entry?.value ?? child(node, step)
    if (next === undefined) return place
    if (whole !== undefined) return at === 'value' ? whole.value.place : whole.keyPlace
    const last = index === steps.length - 1
    place = last && at === 'value' ? next.place : (entry?.keyPlace ?? next.place)
    node = next
  }
  return place
}

function entryOf(node: Node | undefined, key: string): Entry | undefined {
  return node?.kind === 'map' ? node.entries.get(key) : undefined
}
