import type { Part, PartKind } from '../../src/core/part.js'
import { furtherOptions, least } from '../support/parts.js'

/** A part as an author would write it: a name with the options that need a value at toy size. */
export type Written = { readonly [option: string]: unknown }

/** Values for options that are sizes, so that any part of the registries can be built small, and a weight to start from. */
const toy: Readonly<Record<string, unknown>> = { size: 8, hidden: 5, heads: 2, maxLength: 6, value: 0.1 }

/** Every part of a registry, written small, with defaults for all that is not a size, and the least value where there is no default. */
export function everyPart(registry: PartKind, key = 'type'): Written[] {
  return Object.values(registry.parts).map((part) => writtenSmall(part, key))
}

/**
 * Every further choice that a part's options offer, one at a time: each other member of a union of literals, and a
 * boolean turned round. What is no choice (numbers, other parts) stays as it is.
 */
export function furtherChoices(registry: PartKind, key = 'type'): Written[] {
  return Object.values(registry.parts).flatMap((part) =>
    furtherOptions(part).map(({ option, value }) => ({ ...writtenSmall(part, key), [option]: value })),
  )
}

function writtenSmall(part: Part, key: string): Written {
  const options = Object.entries(part.options.properties).flatMap(([option, schema]): [string, unknown][] => {
    if (option in toy) return [[option, toy[option]]]
    return 'default' in schema ? [] : least(option, schema)
  })
  return { [key]: part.name, ...Object.fromEntries(options) }
}

/** `gru` or `gru reset=before`. */
export function nameOf(written: Written, key = 'type'): string {
  const { [key]: name, ...options } = written
  const shown = Object.entries(options).filter(([option]) => !(option in toy))
  return [
    name,
    ...shown.map(([option, value]) => `${option}=${typeof value === 'object' ? nameOf(value as Written) : value}`),
  ].join(' ')
}

/** A combination as it is written down, legal or not: its name, and a spec as an author would write it. */
export type WrittenSpec = readonly [name: string, spec: Readonly<Record<string, unknown>>]

/** How every combination is trained. */
export const training = {
  optimizer: { type: 'adam', learningRate: 0.03 },
  batchSize: 4,
  steps: 300,
  clipNorm: 5,
  validate: { every: 300 },
}
