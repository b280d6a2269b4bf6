// How JSON that was read from a file is checked: its schema version first, then its shape.
import Type, { IsLiteral, IsObject, type Static, type TArray, type TImmutable, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Errors } from 'typebox/value'
import { SeqlabError } from './errors.js'
import { isJsonObject, parseJson } from './json.js'

/** A list that is never changed. */
export function list<Item extends TSchema>(item: Item): TImmutable<TArray<Item>> {
  return Type.Immutable(Type.Array(item))
}

/** The `schemaVersion` of a file. */
export function version<const Version extends number>(number: Version) {
  return Type.Literal(number)
}

/**
 * A value that was read from `file`, as what it must be. Throws SeqlabError 'run': where the schema asks for another
 * `schemaVersion`, with both versions, else where the value has another shape, with the first place.
 */
export function checked<Schema extends TSchema>(schema: Schema, value: unknown, file: string): Static<Schema> {
  const expected = versionOf(schema)
  if (expected !== undefined && isJsonObject(value)) checkSchemaVersion(value.schemaVersion, expected, file)
  if (matches(schema, value)) return value
  const [first] = Errors(schema, value)
  const what = first === undefined ? '' : `: ${first.instancePath || 'it'} ${first.message}`
  throw new SeqlabError('run', `${file} has unexpected content${what}`)
}

/** Whether a value is of a schema's shape. */
export function matches<Schema extends TSchema>(schema: Schema, value: unknown): value is Static<Schema> {
  const check = compiled.get(schema) ?? compile(schema)
  return check(value)
}

/** Millions of lines are checked: interpreting a schema takes some fifty times as long as parsing the line. */
const compiled = new WeakMap<TSchema, (value: unknown) => boolean>()

function compile(schema: TSchema): (value: unknown) => boolean {
  const validator = Compile(schema)
  const check = (value: unknown) => validator.Check(value)
  compiled.set(schema, check)
  return check
}

/** A file of JSON as what it must be. Throws as `checked`, and where it is not valid JSON. */
export function parseChecked<Schema extends TSchema>(schema: Schema, text: string, file: string): Static<Schema> {
  const value = parseJson(text)
  if (value === undefined) throw damaged(file, 'it is not valid JSON')
  return checked(schema, value, file)
}

/** A file that was written in another version than this program reads; its code is 'run'. */
export class SchemaVersionError extends SeqlabError {
  constructor(
    readonly file: string,
    readonly written: unknown,
    readonly expected: number,
  ) {
    super('run', versionMessage(file, written, expected), { hint: 'Read it with the version of seqlab that wrote it.' })
  }
}

function versionMessage(file: string, written: unknown, expected: number): string {
  const reads = `this version of seqlab reads version ${expected}`
  if (typeof written === 'number' && written < expected)
    return `${file} was written by an earlier version of seqlab (schema version ${written}; ${reads}): run it again`
  const what = written === undefined ? 'no schema version' : `schema version ${JSON.stringify(written)}`
  return `${file} has ${what}; ${reads}`
}

/** Throws SchemaVersionError where a file was written in another version than this program reads. */
export function checkSchemaVersion(written: unknown, expected: number, file: string): void {
  if (written !== expected) throw new SchemaVersionError(file, written, expected)
}

/** Lines of JSON, each as what it must be; throws as `parseChecked`, with the line's number. */
export function parseLines<Schema extends TSchema>(schema: Schema, text: string, file: string): Static<Schema>[] {
  const lines = text.split('\n')
  return lines.flatMap((line, at) => (line === '' ? [] : [parseChecked(schema, line, `${file}:${at + 1}`)]))
}

export function damaged(file: string, why: string, cause?: unknown): SeqlabError {
  return new SeqlabError('run', `${file} is damaged: ${why}`, { cause })
}

/** What was wrong with a file, as a value; other errors are thrown on. */
export function runErrorOrThrow(error: unknown): SeqlabError {
  if (error instanceof SeqlabError && error.code === 'run') return error
  throw error
}

function versionOf(schema: TSchema): number | undefined {
  if (!IsObject(schema)) return undefined
  const field = schema.properties.schemaVersion
  return field !== undefined && IsLiteral(field) && typeof field.const === 'number' ? field.const : undefined
}
