import Type, { type Static, type TObject, type TProperties, type TSchema, type TUnsafe } from 'typebox'
import { closed } from './schema.js'

/** Where a part's formula comes from. */
export interface Citation {
  readonly paper: string
  readonly equation?: string
  readonly url?: string
}

/**
 * What every part (cell, scorer, metric, optimizer, tokenizer, data source, ...) declares. From it follow the JSON
 * schema, the error messages, `seqlab explain`, the docs table and the conformance suite.
 */
export interface Part<Options extends TObject = TObject> {
  /** The literature's name, as written in specs. */
  readonly name: string
  /** One line for help and docs. */
  readonly summary: string
  /** The equations, one a line, in the notation of the source; empty where there is none. */
  readonly equations: readonly string[]
  /**
   * Shapes of the equations' symbols as they stand in them (`W x` has W [out, in]), by the names of axes: of vectors and
   * matrices, without the batch and the steps that an index says. An axis may be a sum (`D+H`).
   */
  readonly symbols?: Readonly<Record<string, readonly string[]>>
  readonly source: Citation
  /** Schema of the options (without the key that names the part). Every option has a description, and a default unless it must be given. */
  readonly options: Options
}

export type PartMap = Readonly<Record<string, Part>>

export interface Registry<Parts extends PartMap = PartMap> {
  readonly kind: string
  readonly parts: Parts
}

/** An explicit map of parts. Throws when a key is not its part's own name (so that a duplicate cannot hide). */
export function registry<const Parts extends PartMap>(kind: string, parts: Parts): Registry<Parts> {
  for (const [key, part] of Object.entries(parts)) {
    if (key !== part.name) throw new RangeError(`The ${kind} "${part.name}" is registered as "${key}"`)
  }
  return { kind, parts }
}

/** How a part stands in a resolved spec: its name under `key`, its options beside it. */
export type PartSpec<Parts extends PartMap, Key extends string = 'type'> = {
  [Name in keyof Parts & string]: Readonly<Record<Key, Name>> & Readonly<Static<Parts[Name]['options']>>
}[keyof Parts & string]

/**
 * Schema of a place that takes a part: a bare name, or an object with `key` and the part's options. The annotation
 * `x-part` lets spec/ normalise the bare name and report mistakes in the branch that the author chose.
 */
export function partSchema<Parts extends PartMap, const Key extends string = 'type'>(
  registered: Registry<Parts>,
  more: { description?: string; default?: string; key?: Key } = {},
): TUnsafe<PartSpec<Parts, Key>> {
  const key = more.key ?? 'type'
  const parts = Object.values(registered.parts)
  const branches = parts.map((part) => partBranch(part, key))
  const bare = parts.filter((part) => !hasRequired(part.options)).map((part) => part.name)
  return Type.Unsafe<PartSpec<Parts, Key>>({
    'x-part': { kind: registered.kind, key },
    ...(more.description === undefined ? {} : { description: more.description }),
    ...(more.default === undefined ? {} : { default: more.default }),
    anyOf: [...(bare.length > 0 ? [{ type: 'string', enum: bare }] : []), ...branches],
  })
}

function partBranch(part: Part, key: string): TSchema {
  const properties: TProperties = { [key]: Type.Literal(part.name), ...part.options.properties }
  return Type.Object(properties, { ...closed, description: part.summary })
}

function hasRequired(options: TObject): boolean {
  return Object.values(options.properties).some((schema) => !('default' in schema) && !('~optional' in schema))
}

/** No options at all. */
export const noOptions = Type.Object({})

/** A size: a whole number from 1 to 65,536. */
export function sizeSchema(description: string, more: { default?: number } = {}) {
  return Type.Integer({ minimum: 1, maximum: 65_536, description, ...more })
}

/** A probability that may be 0 but not 1 (a dropout rate). */
export function rateSchema(description: string, more: { default?: number } = {}) {
  return Type.Number({ minimum: 0, exclusiveMaximum: 1, description, ...more })
}
