import Type, { type Static, type TObject, type TProperties, type TSchema, type TUnsafe } from 'typebox'
import { SeqlabError } from './errors.js'
import { closed } from './schema.js'
import { a, unknownName } from './suggest.js'

/** Where a part's formula comes from. */
export interface Citation {
  readonly paper: string
  readonly equation?: string
  readonly url?: string
}

/**
 * What every part (cell, scorer, metric, optimizer, tokenizer, data source, ...) declares. From it follow the JSON
 * schema, the error messages, `seqlab explain`, the docs table and the conformance suite. What a part does is what its
 * kind adds: most kinds have `build(options, sizes)`, which closes over the options once.
 */
export interface Part<Options extends TObject = TObject> {
  /** The literature's name, as written in specs. */
  readonly name: string
  /** One line for help and docs. */
  readonly summary: string
  /** The equations, one per line, in the notation of the source; empty where there is none. */
  readonly equations: readonly string[]
  /**
   * Shapes of the equations' symbols as written in them (`W x` has W [out, in]), by the names of axes: of vectors and
   * matrices, without batch and steps, which are indices. An axis may be a sum (`D+H`).
   */
  readonly symbols?: Readonly<Record<string, readonly string[]>>
  readonly source: Citation
  /** Schema of the options (without the key that names the part). Every option has a description, and a default unless it must be given. */
  readonly options: Options
}

/** A part that becomes a value of its kind when its options, and the sizes that the kind has, are bound. */
export interface BuildablePart<Options extends TObject, Sizes extends readonly unknown[], Built> extends Part<Options> {
  build(options: Static<Options>, ...sizes: Sizes): Built
}

export type PartMap = Readonly<Record<string, Part>>

/** The parts of one kind by name, for what is the same with every kind: schema, errors, docs. */
export interface PartKind<Parts extends PartMap = PartMap, Key extends string = string> {
  /** What one of them is called in messages: `cell`, `search method`. */
  readonly kind: string
  /** What names the part in a spec: `type`, `from`. */
  readonly key: Key
  readonly parts: Parts
  readonly names: readonly (keyof Parts & string)[]
  /** The part of that name, if there is one. */
  find(name: string): Parts[keyof Parts] | undefined
  /** Throws SeqlabError 'spec' with the names that exist and the nearest of them. */
  get(name: string): Parts[keyof Parts]
  /** A part of the user's own (spec/own), which the process has from then on. Throws RangeError where its name is taken. */
  add(part: Part): void
}

export interface Registry<Parts extends PartMap, Key extends string = string> extends PartKind<Parts, Key> {
  /** The part's value under a choice's options: `build(choice, ...sizes)`. Throws as `get` does. */
  readonly build: Build<Parts, Key>
}

/** Not there for kinds whose parts are not built. */
type Build<Parts extends PartMap, Key extends string> =
  Parts[keyof Parts] extends BuildablePart<TObject, infer Sizes, infer Built>
    ? (choice: PartSpec<Parts, Key>, ...sizes: Sizes) => Built
    : never

/** An explicit map of parts. Throws RangeError when a map's key is not its part's own name (so that a duplicate cannot hide). */
export function registry<const Parts extends PartMap, const Key extends string = 'type'>(
  kind: string,
  parts: Parts,
  more: { readonly key?: Key } = {},
): Registry<Parts, Key> {
  for (const [name, part] of Object.entries(parts)) {
    if (name !== part.name) throw new RangeError(`The ${kind} "${part.name}" is registered as "${name}"`)
  }
  const key = more.key ?? 'type'
  const all: Record<string, Part> = { ...parts }
  const names = Object.keys(all)
  const add = (part: Part) => {
    if (Object.hasOwn(all, part.name)) throw new RangeError(`There is ${a(kind)} "${part.name}" already`)
    all[part.name] = part
    names.push(part.name)
  }
  const find = (name: string) => (Object.hasOwn(all, name) ? all[name] : undefined)
  const get = (name: string) => {
    const part = find(name)
    if (part === undefined) throw unknownPart(kind, name, names)
    return part
  }
  const build = (choice: Readonly<Record<string, unknown>>, ...sizes: readonly unknown[]) => {
    const part = get(String(choice[key])) as BuildablePart<TObject, readonly unknown[], unknown>
    return part.build(choice, ...sizes)
  }
  return { kind, key, parts: all, names, find, get, build, add } as unknown as Registry<Parts, Key>
}

const kinds = new WeakMap<object, string>()

/** Notes of which kind a definition is, so that it can be found among what a file exports. */
export function ofKind<Defined extends Part>(kind: string, part: Defined): Defined {
  kinds.set(part, kind)
  return part
}

/** The kind that a value was defined as; undefined for everything else. */
export function kindOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? kinds.get(value) : undefined
}

function unknownPart(kind: string, name: string, names: readonly string[]): SeqlabError {
  const problems = unknownName('', kind, name, names)
  return new SeqlabError('spec', problems[0]?.message ?? '', { problems, hint: `Known: ${names.join(', ')}` })
}

/** A part in a resolved spec: its name under `key`, next to its options. */
export type PartSpec<Parts extends PartMap, Key extends string = 'type'> = {
  [Name in keyof Parts & string]: Readonly<Record<Key, Name>> & Readonly<Static<Parts[Name]['options']>>
}[keyof Parts & string]

/**
 * Schema of a place that takes a part: a bare name, or an object with `key` and the part's options. The annotation
 * `x-part` lets spec/ normalise the bare name and report errors in the branch that the user chose; `absent` has what to
 * say to names that users may expect and no part has.
 */
export function partSchema<Parts extends PartMap, Key extends string>(
  registered: PartKind<Parts, Key>,
  more: { description?: string; default?: string; absent?: Readonly<Record<string, string>> } = {},
): TUnsafe<PartSpec<Parts, Key>> {
  const { key } = registered
  const parts: readonly Part[] = Object.values(registered.parts)
  const branches = parts.map((part) => partBranch(part, key))
  const bare = parts.filter(isBare).map((part) => part.name)
  return Type.Unsafe<PartSpec<Parts, Key>>({
    'x-part': { kind: registered.kind, key },
    ...(more.absent === undefined ? {} : { 'x-absent': more.absent }),
    ...(more.description === undefined ? {} : { description: more.description }),
    ...(more.default === undefined ? {} : { default: more.default }),
    anyOf: [...(bare.length > 0 ? [{ type: 'string', enum: bare }] : []), ...branches],
  })
}

/** The schema of a map that chooses a part. */
export function partBranch(part: Part, key: string): TSchema {
  const properties: TProperties = { [key]: Type.Literal(part.name), ...part.options.properties }
  return Type.Object(properties, { ...closed, description: part.summary })
}

/** Whether a part's name alone will do: no option must be given. */
export function isBare({ options }: Part): boolean {
  return Object.values(options.properties).every((schema) => 'default' in schema || '~optional' in schema)
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
