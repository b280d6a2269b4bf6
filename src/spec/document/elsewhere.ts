import { isMap, type Json } from './nodes.js'
import { childSchema, type JsonSchema, join, partSlot, propertiesOf, schemasOf } from './schema-navigation.js'

/** Deeper options do not exist. */
const deepest = 8

/** Every path of a spec that ends in `key`, following the parts that `value` chooses: `steps` -> `train.steps`. */
export function pathsTo(key: string, schema: JsonSchema, value: Json | undefined): readonly string[] {
  return [...new Set(allPaths(schema, value, '', 0))].filter((path) => path.endsWith(`.${key}`))
}

function allPaths(schema: JsonSchema, value: Json | undefined, path: string, depth: number): readonly string[] {
  if (depth > deepest) return []
  return keysOf(schema).flatMap((key) => {
    const property = childSchema(schema, value, key)
    if (property === undefined) return []
    const below = join(path, key)
    return [below, ...allPaths(property, isMap(value) ? value[key] : undefined, below, depth + 1)]
  })
}

/** Of a part or a union those of all its members: `childSchema` knows which of them the value has. */
function keysOf(schema: JsonSchema): readonly string[] {
  const members = partSlot(schema)?.branches ?? schemasOf(schema.anyOf)
  return [...new Set([...Object.keys(propertiesOf(schema)), ...members.flatMap(keysOf)])]
}
