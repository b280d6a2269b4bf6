import { isList, isMap, type Json, type JsonMap } from './nodes.js'

/** A JSON schema as plain data. */
export type JsonSchema = JsonMap

/** Where a schema takes a part: bare name or map with the part's key (`x-part`, see core/part.ts). */
export interface PartSlot {
  readonly kind: string
  readonly key: string
  readonly branches: readonly JsonSchema[]
}

export function partSlot(schema: JsonSchema): PartSlot | undefined {
  const mark = schema['x-part']
  if (!isMap(mark)) return undefined
  const branches = schemasOf(schema.anyOf).filter((branch) => branch.type === 'object')
  return { kind: String(mark.kind), key: String(mark.key), branches }
}

export function partNames({ branches, key }: PartSlot): readonly string[] {
  return branches.map((branch) => branchName(branch, key))
}

/** The schema of one part, by name. */
export function branchOf(slot: PartSlot, name: Json | undefined): JsonSchema | undefined {
  return slot.branches.find((branch) => branchName(branch, slot.key) === name)
}

function branchName(branch: JsonSchema, key: string): string {
  const property = propertiesOf(branch)[key]
  return String(property?.const)
}

export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return holdsSchemas(schema.properties) ? schema.properties : {}
}

export function schemasOf(value: Json | undefined): readonly JsonSchema[] {
  return isList(value) ? value.filter(isMap) : []
}

function holdsSchemas(value: Json | undefined): value is Readonly<Record<string, JsonSchema>> {
  return isMap(value) && Object.values(value).every((each) => isMap(each))
}

/** The name that a value gives its part: itself, or the value of the part's key. */
export function partName(slot: PartSlot, value: Json | undefined): string | undefined {
  const name = isMap(value) ? value[slot.key] : value
  return typeof name === 'string' ? name : undefined
}

/**
 * The members of a union that a value can be by its JSON type. Unions of parts and other things (`false` or a
 * schedule) are distinguished in this way.
 */
export function candidates(schema: JsonSchema, value: Json): readonly JsonSchema[] {
  return schemasOf(schema.anyOf).filter((member) => admits(member, value))
}

function admits(schema: JsonSchema, value: Json): boolean {
  if (partSlot(schema) !== undefined) return typeof value === 'string' || isMap(value)
  if ('const' in schema) return schema.const === value
  if (isList(schema.enum)) return schema.enum.includes(value)
  if (Array.isArray(schema.anyOf)) return candidates(schema, value).length > 0
  switch (schema.type) {
    case 'object':
      return isMap(value)
    case 'array':
      return Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    case undefined:
      return true
    default:
      return typeof value === schema.type || (schema.type === 'null' && value === null)
  }
}

/**
 * The schema at a path, following the parts that `value` chooses; undefined where the path leads nowhere. An optional
 * place and a required one are the same.
 */
export function schemaAt(schema: JsonSchema, value: Json | undefined, path: readonly string[]): JsonSchema | undefined {
  const [step, ...rest] = path
  if (step === undefined) return schema
  const next = childSchema(schema, value, step)
  if (next === undefined) return undefined
  return schemaAt(next, isMap(value) ? value[step] : undefined, rest)
}

/** The schema of one key of a map (or part) that holds `value`. */
export function childSchema(schema: JsonSchema, value: Json | undefined, key: string): JsonSchema | undefined {
  const slot = partSlot(schema)
  if (slot !== undefined) {
    const branch = branchOf(slot, partName(slot, value))
    return branch === undefined ? undefined : propertiesOf(branch)[key]
  }
  if (Array.isArray(schema.anyOf)) {
    const members = value === undefined ? schemasOf(schema.anyOf) : candidates(schema, value)
    return members.map((member) => childSchema(member, value, key)).find((found) => found !== undefined)
  }
  return propertiesOf(schema)[key] ?? recordSchema(schema)
}

/** The schema of each value of a map of any names. */
export function recordSchema(schema: JsonSchema): JsonSchema | undefined {
  const [kind] = isMap(schema.patternProperties) ? Object.values(schema.patternProperties) : []
  return isMap(kind) ? kind : undefined
}

/** Who has a key that the chosen part lacks, from the `x-elsewhere` that plan/normalise.ts puts into a narrowed schema. */
export function ownersIn(schema: JsonSchema, key: string): readonly string[] {
  const owners = schema['x-elsewhere']
  const names = isMap(owners) && Object.hasOwn(owners, key) ? owners[key] : []
  return isList(names) ? names.map(String) : []
}

/** A dotted path, one key longer. */
export function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
