import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { Part, PartKind } from '../../src/core/part.js'

/**
 * The smallest options that a part's schema allows: defaults where it has them, else the least value of their type. What has
 * no least value (word vectors) is left to whoever builds the part.
 */
export function smallestOptions(part: Pick<Part, 'options'>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(part.options.properties).flatMap(([name, schema]) => least(name, schema)))
}

/** A required option's least value, or an optional one's default. */
export function least(name: string, schema: TSchema): [name: string, value: unknown][] {
  const { type, default: usual } = schema as TSchema & { type?: string; default?: unknown }
  if (usual !== undefined) return [[name, usual]]
  if ('~optional' in schema || type === 'object') return []
  return [[name, Value.Create(schema)]]
}

/** Sizes at which every part of the registries can be built small. */
const small: Readonly<Record<string, number>> = { size: 5, hidden: 3, heads: 2, maxLength: 3 }

/** Every part of a registry as a resolved choice, small, and each of its further choices. */
export function everyChoice<Choice>(registry: PartKind): [name: string, choice: Choice][] {
  return Object.values(registry.parts).flatMap((part) => {
    const options = Object.entries(smallestOptions(part)).map(([name, value]) => [name, small[name] ?? value])
    const plain = { ...Object.fromEntries(options), [registry.key]: part.name }
    const others = furtherOptions(part).map(({ option, value }): [string, unknown] => [
      `${part.name}, ${option} ${value}`,
      { ...plain, [option]: value },
    ])
    return [[part.name, plain], ...others] as [string, Choice][]
  })
}

/** Each other member of a union of literals, and a boolean turned round (one that may be left out is then false): one option at a time. */
export function furtherOptions(part: Pick<Part, 'options'>): { option: string; value: unknown }[] {
  return Object.entries(part.options.properties).flatMap(([option, schema]) =>
    otherValues(schema).map((value) => ({ option, value })),
  )
}

function otherValues(schema: TSchema): unknown[] {
  const { anyOf, type, default: usual } = schema as TSchema & { anyOf?: TSchema[]; type?: string; default?: unknown }
  const values =
    type === 'boolean' ? [true, false] : (anyOf ?? []).map((member) => (member as { const?: unknown }).const)
  const written = usual ?? (type === 'boolean' && '~optional' in schema ? false : undefined)
  return values.filter((value) => value !== undefined && value !== written)
}
