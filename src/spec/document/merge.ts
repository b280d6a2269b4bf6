import type { Place } from '../../core/errors.js'
import { child, type Entry, type Json, type JsonMap, type MapNode, type Node, nest, toJson } from './nodes.js'
import type { JsonSchema } from './schema-navigation.js'
import { childSchema, type PartSlot, partSlot, schemaAt, schemasOf } from './schema-navigation.js'

/**
 * Lays `over` on `base`: maps merge key by key; a bare name, or a map that has the part's key, replaces the whole part,
 * so that no option of the old part is left behind; everything else (numbers, lists) replaces. A map without the part's
 * key changes options of the part that is there, also where that was a bare name. `null` takes an inherited key away.
 */
function merge(schema: JsonSchema | undefined, base: Node | undefined, over: Node): Node {
  if (base === undefined || over.kind !== 'map') return over
  const part = schema === undefined ? undefined : partIn(schema)
  const under = part === undefined ? base : asMap(part, base)
  if (under.kind !== 'map') return over
  if (part === undefined ? namesPart(over) && schema === undefined : over.entries.has(part.key)) return over
  return mergeMaps(schema, under, over)
}

/** A map with another one laid on it; one that is no map changes nothing (its problem is reported elsewhere). */
export function mergeMap(schema: JsonSchema, base: MapNode, over: Node): MapNode {
  const merged = merge(schema, base, over)
  return merged.kind === 'map' ? merged : base
}

/**
 * A map with one value laid on it (a point of a grid, a `--set`). `null` is a variant without the option: taken away where
 * it is there, nothing to do where it is not. Of a path that no spec has it stays, and is reported.
 */
export function mergeAt(
  schema: JsonSchema,
  base: MapNode,
  path: readonly string[],
  { value, keyPlace }: { readonly value: Node; readonly keyPlace?: Place },
): MapNode {
  const isNull = value.kind === 'scalar' && value.value === null
  const absent = path.reduce<Node | undefined>(child, base) === undefined
  if (isNull && absent && schemaAt(schema, toJson(base), path) !== undefined) return base
  return mergeMap(schema, base, nest(path, value, keyPlace))
}

function mergeMaps(schema: JsonSchema | undefined, base: MapNode, over: MapNode): MapNode {
  const entries = new Map(base.entries)
  const chosen = shallow(base)
  for (const [key, { keyPlace, value }] of over.entries) {
    const under = base.entries.get(key)?.value
    if (under !== undefined && value.kind === 'scalar' && value.value === null) {
      entries.delete(key)
      continue
    }
    const property = schema === undefined ? undefined : childSchema(schema, chosen, key)
    entries.set(key, { keyPlace, value: merge(property, under, value) })
  }
  return { ...base, entries }
}

/** The part that a schema takes, also where it is one member of a union. */
function partIn(schema: JsonSchema): PartSlot | undefined {
  return (
    partSlot(schema) ??
    schemasOf(schema.anyOf)
      .map(partSlot)
      .find((slot) => slot !== undefined)
  )
}

function asMap({ key }: PartSlot, node: Node): Node {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return node
  const entry: Entry = { keyPlace: node.place, value: node }
  return { kind: 'map', entries: new Map([[key, entry]]), place: node.place }
}

/** Where no schema is known (the path is wrong anyway), these two keys mark a part. */
function namesPart(node: MapNode): boolean {
  return node.entries.has('type') || node.entries.has('from')
}

/** What the schema of a key depends on: scalars alone. */
function shallow(node: MapNode): JsonMap {
  const scalars = [...node.entries].flatMap(([key, { value }]): [string, Json][] =>
    value.kind === 'scalar' ? [[key, value.value]] : [[key, value.kind === 'list' ? [] : {}]],
  )
  return Object.fromEntries(scalars)
}
