import type { Problem } from '../../core/errors.js'
import { nearest } from '../../core/suggest.js'
import { isList, isMap, type Json } from '../document/nodes.js'
import { keysCalled } from '../document/other-names.js'
import { type JsonSchema, join, propertiesOf } from '../document/schema-navigation.js'

/**
 * What no rule can look at where there are structural problems: each wrong value itself; of a part without a known name the
 * whole part, whose options have no defaults; and of a key that is misspelt the key that was meant, where that is not written.
 * `schema`: narrowed, as `normalise` gives it.
 */
export function unfitPaths(problems: readonly Problem[], schema: JsonSchema, written: Json): readonly string[] {
  return [...new Set(problems.flatMap((problem) => unfitPath(problem, schema, written) ?? []))]
}

function unfitPath({ code, path }: Problem, schema: JsonSchema, written: Json): string | undefined {
  if (code !== 'unknown-key') return path.replace(/\.(type|from)$/, '')
  const steps = path.split('.')
  const key = steps.pop() ?? ''
  const keys = Object.keys(propertiesOf(schemaOf(schema, steps)))
  const meant = keysCalled(key).find((name) => keys.includes(name)) ?? nearest(key, keys)
  if (meant === undefined || writtenAt(written, [...steps, meant]) !== undefined) return undefined
  return join(steps.join('.'), meant)
}

function schemaOf(schema: JsonSchema, steps: readonly string[]): JsonSchema {
  return steps.reduce<JsonSchema>((at, step) => {
    const items = isList(at.items) ? at.items[Number(step)] : at.items
    return propertiesOf(at)[step] ?? (isMap(items) ? items : {})
  }, schema)
}

function writtenAt(value: Json, steps: readonly string[]): Json | undefined {
  return steps.reduce<Json | undefined>(
    (at, step) => (isMap(at) ? at[step] : isList(at) ? at[Number(step)] : undefined),
    value,
  )
}
