import { isMap, type Json } from './nodes.js'
import { childSchema, type JsonSchema, join, partSlot, propertiesOf, schemasOf } from './schema-navigation.js'

/** Deeper options do not exist. */
const deepest = 8

/**
 * The paths of a spec that end in `key`, following the parts that `value` chooses: `steps` -> `train.steps`. A section within
 * another (an encoder of features) is not meant where the same one stands by itself.
 */
export function pathsTo(key: string, schema: JsonSchema, value: Json | undefined): readonly string[] {
  const paths = [...new Set(allPaths(schema, value, '', 0))].filter((path) => path.endsWith(`.${key}`))
  return paths.filter((path) => !paths.some((other) => isWithin(path, other)))
}

/** Whether a path is another one with a step more within it. */
function isWithin(path: string, other: string): boolean {
  const steps = path.split('.')
  return steps.some((_, at) => at > 0 && steps.toSpliced(at, 1).join('.') === other)
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
