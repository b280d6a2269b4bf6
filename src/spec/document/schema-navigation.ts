import type { JsonSchema } from '../schema.js'
import { isMap, type Json } from './nodes.js'

/** A place of the schema that takes a part: bare name or map with the part's key (`x-part`, see core/part.ts). */
export interface PartPlace {
  readonly kind: string
  readonly key: string
  readonly branches: readonly JsonSchema[]
}

export function partPlace(schema: JsonSchema): PartPlace | undefined {
  const mark = schema['x-part']
  if (!isMap(mark)) return undefined
  const branches = schemasOf(schema.anyOf).filter((branch) => branch.type === 'object')
  return { kind: String(mark.kind), key: String(mark.key), branches }
}

export function partNames({ branches, key }: PartPlace): readonly string[] {
  return branches.map((branch) => branchName(branch, key))
}

/** The schema of one part, by name. */
export function branchOf(place: PartPlace, name: Json | undefined): JsonSchema | undefined {
  return place.branches.find((branch) => branchName(branch, place.key) === name)
}

function branchName(branch: JsonSchema, key: string): string {
  const property = propertiesOf(branch)[key]
  return String(property?.const)
}

export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (isMap(schema.properties) ? schema.properties : {}) as Readonly<Record<string, JsonSchema>>
}

export function schemasOf(value: Json | undefined): readonly JsonSchema[] {
  return Array.isArray(value) ? (value as readonly JsonSchema[]) : []
}

/** The name that a value gives its part: itself, or what stands under the part's key. */
export function partName(place: PartPlace, value: Json | undefined): string | undefined {
  const name = isMap(value) ? value[place.key] : value
  return typeof name === 'string' ? name : undefined
}

/**
 * The members of a union that a value can be by its JSON type. Unions of parts and other things (`false` or a
 * schedule) are told apart so.
 */
export function candidates(schema: JsonSchema, value: Json): readonly JsonSchema[] {
  return schemasOf(schema.anyOf).filter((member) => admits(member, value))
}

function admits(schema: JsonSchema, value: Json): boolean {
  if (partPlace(schema) !== undefined) return typeof value === 'string' || isMap(value)
  if ('const' in schema) return schema.const === value
  if (Array.isArray(schema.enum)) return schema.enum.includes(value)
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

/** The schema of one key of a place that holds `value`. */
export function childSchema(schema: JsonSchema, value: Json | undefined, key: string): JsonSchema | undefined {
  const place = partPlace(schema)
  if (place !== undefined) {
    const branch = branchOf(place, partName(place, value))
    return branch === undefined ? undefined : propertiesOf(branch)[key]
  }
  if (Array.isArray(schema.anyOf)) {
    const members = value === undefined ? schemasOf(schema.anyOf) : candidates(schema, value)
    return members.map((member) => childSchema(member, value, key)).find((found) => found !== undefined)
  }
  return propertiesOf(schema)[key]
}
