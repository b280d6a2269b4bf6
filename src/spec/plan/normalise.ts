import type { Problem } from '../../core/errors.js'
import { a, didYouMean, oneOf } from '../../core/suggest.js'
import { describe, show } from '../document/describe.js'
import { isMap, type Json, type JsonMap } from '../document/nodes.js'
import { partCalled } from '../document/other-names.js'
import {
  branchOf,
  candidates,
  type JsonSchema,
  join,
  type PartSlot,
  partName,
  partNames,
  partSlot,
  propertiesOf,
  recordSchema,
  schemasOf,
} from '../document/schema-navigation.js'
import { isOwnKind } from '../own/kinds.js'

/**
 * A value with bare names made maps and defaults filled in, and the schema narrowed to the chosen branches: no union
 * of parts is left in it, so that messages are about the chosen part alone.
 */
export interface Normal {
  readonly value: Json
  readonly schema: JsonSchema
  readonly problems: readonly Problem[]
}

/** Where a problem has been reported already, anything is accepted. */
const anything: JsonSchema = {}

export function normalise(schema: JsonSchema, value: Json, path = ''): Normal {
  const slot = partSlot(schema)
  if (slot !== undefined) return normalisePart(slot, schema, value, path)
  if (Array.isArray(schema.anyOf)) return normaliseUnion(schema, value, path)
  if (schema.type === 'object' && isMap(value)) return normaliseMap(schema, value, path)
  if (schema.type === 'array' && Array.isArray(value)) return normaliseList(schema, value, path)
  return { value, schema, problems: [] }
}

function normalisePart(slot: PartSlot, schema: JsonSchema, value: Json, path: string): Normal {
  const name = partName(slot, value)
  const branch = branchOf(slot, name)
  if (branch !== undefined) {
    const normal = normalise(branch, isMap(value) ? value : { [slot.key]: name ?? null }, path)
    return { ...normal, schema: { ...normal.schema, 'x-elsewhere': ownersOf(slot, branch) } }
  }
  return { value, schema: anything, problems: [partProblem(slot, schema, value, name, path)] }
}

/** Options that the chosen part lacks and others of its kind have, with their owners. */
function ownersOf(slot: PartSlot, chosen: JsonSchema): Readonly<Record<string, readonly string[]>> {
  const owners: Record<string, string[]> = {}
  for (const branch of slot.branches) {
    const name = String(propertiesOf(branch)[slot.key]?.const)
    for (const key of Object.keys(propertiesOf(branch))) {
      if (!(key in propertiesOf(chosen))) owners[key] = [...(owners[key] ?? []), name]
    }
  }
  return owners
}

function partProblem(slot: PartSlot, schema: JsonSchema, value: Json, name: string | undefined, path: string): Problem {
  const names = partNames(slot)
  const expected = `the name of ${a(slot.kind)}: ${oneOf(names)}`
  const at = isMap(value) && name !== undefined ? join(path, slot.key) : path
  if (name !== undefined) {
    const absent = isMap(schema['x-absent']) ? schema['x-absent'][name.toLowerCase()] : undefined
    const reason = typeof absent === 'string' ? absent : partCalled(slot.kind, name)
    if (reason !== undefined) {
      return { path: at, message: `\`${name}\` is not ${a(slot.kind)}`, expected, received: name, hint: reason }
    }
    const near = didYouMean(name, names)
    const hint = near === '' ? ownHint(slot.kind) : {}
    return { path: at, message: `\`${name}\` is not ${a(slot.kind)}${near}`, expected, received: name, ...hint }
  }
  if (isMap(value)) {
    const hint = typeof schema.default === 'string' ? `, for instance \`${slot.key}: ${schema.default}\`` : ''
    return { path, message: `\`${slot.key}\` must name the ${slot.kind}${hint}`, expected, received: show(value) }
  }
  return { path, message: `must name ${a(slot.kind)}`, expected, received: show(value) }
}

/** The name may be that of a part whose file was not given. */
function ownHint(kind: string): { readonly hint?: string } {
  return isOwnKind(kind) ? { hint: 'parts of your own are given on the command line: `--parts FILE.js`' } : {}
}

function normaliseUnion(schema: JsonSchema, value: Json, path: string): Normal {
  const members = schemasOf(schema.anyOf)
  if (members.every((member) => 'const' in member)) {
    return { value, schema: { enum: members.map((member) => member.const ?? null) }, problems: [] }
  }
  const member = bestMember(candidates(schema, value), value)
  if (member !== undefined) return normalise(member, value, path)
  const problem = { path, message: 'has no allowed form', expected: describe(schema), received: show(value) }
  return { value, schema: anything, problems: [problem] }
}

/** The member that was meant: of several maps the one that has most of the value's keys, and at least one. */
function bestMember(members: readonly JsonSchema[], value: Json): JsonSchema | undefined {
  const [only, ...others] = members
  if (others.length === 0 || !isMap(value)) return only
  const common = (member: JsonSchema) =>
    Object.keys(value).filter((key) => Object.hasOwn(propertiesOf(member), key)).length
  const [best] = [...members].sort((left, right) => common(right) - common(left))
  return best !== undefined && common(best) > 0 ? best : undefined
}

function normaliseMap(schema: JsonSchema, value: JsonMap, path: string): Normal {
  const values: Record<string, Json> = { ...value }
  const narrowed: Record<string, JsonSchema> = {}
  const problems: Problem[] = []
  for (const [key, property] of [...Object.entries(propertiesOf(schema)), ...recordEntries(schema, value)]) {
    const chosen = Object.hasOwn(value, key) ? value[key] : property.default
    narrowed[key] = property
    if (chosen === undefined) continue
    const child = normalise(property, chosen, join(path, key))
    values[key] = child.value
    narrowed[key] = child.schema
    problems.push(...child.problems)
  }
  const { patternProperties: _, ...rest } = schema
  return { value: inOrder(values, Object.keys(narrowed)), schema: { ...rest, properties: narrowed }, problems }
}

/** A map of any names to one kind of value: each name that is there, with that kind's schema. */
function recordEntries(schema: JsonSchema, value: JsonMap): readonly (readonly [string, JsonSchema])[] {
  const kind = recordSchema(schema)
  return kind !== undefined ? Object.keys(value).map((key) => [key, kind] as const) : []
}

/** Declared keys in their declared order, so that a resolved spec always reads the same; unknown ones after them. */
function inOrder(values: Readonly<Record<string, Json>>, keys: readonly string[]): JsonMap {
  const known = keys.filter((key) => Object.hasOwn(values, key))
  // A key that is there twice keeps its first place.
  return Object.fromEntries([...known, ...Object.keys(values)].map((key) => [key, values[key] ?? null]))
}

function normaliseList(schema: JsonSchema, value: readonly Json[], path: string): Normal {
  if (!isMap(schema.items)) return { value, schema, problems: [] }
  const itemSchema = schema.items
  const children = value.map((item, index) => normalise(itemSchema, item, join(path, String(index))))
  const [first, ...others] = children.map((child) => child.schema)
  const items =
    first === undefined ? {} : { items: others.every((other) => same(other, first)) ? first : [first, ...others] }
  const { items: _, ...rest } = schema
  return {
    value: children.map((child) => child.value),
    schema: { ...rest, ...items },
    problems: children.flatMap((child) => child.problems),
  }
}

/** Long lists (inline examples) have one schema for all items: it is then compiled once. */
function same(left: JsonSchema, right: JsonSchema): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right)
}
