import { isBare, type Part, partBranch } from '../../core/part.js'
import { isMap, type Json } from '../document/nodes.js'
import { type JsonSchema, partSlot, schemasOf } from '../document/schema-navigation.js'
import { ownFiles, ownParts } from './given.js'

/** A schema in which every place of a part takes the user's own as well. */
export function withOwnParts(schema: JsonSchema): JsonSchema {
  if (ownFiles().length === 0) return schema
  const slot = partSlot(schema)
  const entries = Object.entries(schema).map(([key, value]): [string, Json] => [key, within(value)])
  const inner: JsonSchema = Object.fromEntries(entries)
  if (slot === undefined) return inner
  const own = ownParts(slot.kind).map(({ part }) => part)
  return own.length === 0 ? inner : { ...inner, anyOf: joined(schemasOf(inner.anyOf), own, slot.key) }
}

function within(value: Json): Json {
  if (Array.isArray(value)) return value.map(within)
  return isMap(value) ? withOwnParts(value) : value
}

/** Bare names, where there are some, are the first member (core/part.ts). */
function joined(members: readonly JsonSchema[], own: readonly Part[], key: string): readonly JsonSchema[] {
  const bare = own.filter(isBare).map(({ name }) => name)
  const [first] = members
  const isNames = Array.isArray(first?.enum)
  const names = isNames && Array.isArray(first?.enum) ? first.enum : []
  const all = [...names, ...bare]
  const branches = own.map((part): JsonSchema => JSON.parse(JSON.stringify(partBranch(part, key))))
  return [
    ...(all.length > 0 ? [{ type: 'string', enum: all }] : []),
    ...(isNames ? members.slice(1) : members),
    ...branches.map(withOwnParts),
  ]
}
