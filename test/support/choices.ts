import type { Part, PartKind } from '../../src/core/part.js'

/** A choice of every part of a registry: options at their defaults; a required number is its minimum, else one half. */
export function everyChoice<Choice>(kind: PartKind & { build(choice: Choice, ...sizes: never[]): unknown }): Choice[] {
  return kind.names.map((name) => ({ [kind.key]: name, ...optionsOf(kind.get(name)) }) as Choice)
}

function optionsOf({ options }: Part): Record<string, unknown> {
  const required = Object.entries<{ default?: unknown; minimum?: number }>(options.properties).filter(
    ([, schema]) => !('~optional' in schema),
  )
  return Object.fromEntries(
    required.map(([name, schema]) => [name, 'default' in schema ? schema.default : (schema.minimum ?? 0.5)]),
  )
}
