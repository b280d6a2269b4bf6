import { createRequire } from 'node:module'
import type * as AjvModule from 'ajv'
import type { ErrorObject } from 'ajv'
import type { Problem } from '../../core/errors.js'
import { didYouMean, oneOf } from '../../core/suggest.js'
import { describe, show } from './describe.js'
import { isList, isMap, type Json } from './nodes.js'
import { keysCalled } from './other-names.js'
import { valueCalled } from './other-values.js'
import { type JsonSchema, join, ownersIn, propertiesOf } from './schema-navigation.js'

/** Every error of a value against a (narrowed) schema, in terms of the spec. */
export type Validate = (schema: JsonSchema, value: Json) => readonly Problem[]

/** Compiles each distinct schema once. The library is loaded with the first: valid specs need none (see ahead.ts). */
export function createValidate(): Validate {
  let ajv: AjvModule.Ajv | undefined
  const compiled = new Map<string, ReturnType<AjvModule.Ajv['compile']>>()
  return (schema, value) => {
    ajv ??= createAjv()
    const key = JSON.stringify(schema)
    const validate = compiled.get(key) ?? ajv.compile(schema)
    compiled.set(key, validate)
    return validate(value) ? [] : toProblems(validate.errors ?? [], value)
  }
}

function createAjv(): AjvModule.Ajv {
  const { Ajv }: typeof AjvModule = createRequire(import.meta.url)('ajv')
  return new Ajv({ allErrors: true, verbose: true, strict: false, strictNumbers: true, code: { optimize: false } })
}

/** Maximum number of errors reported at once. */
const mostReported = 100

function toProblems(errors: readonly ErrorObject[], value: Json): readonly Problem[] {
  const problems = errors.slice(0, mostReported).map((error) => toProblem(error, value))
  const more = errors.length - problems.length
  return more === 0 ? problems : [...problems, { path: '', message: `and ${more} more errors like these` }]
}

function toProblem(error: ErrorObject, value: Json): Problem {
  const path = stepsOf(error).join('.')
  if (error.keyword === 'additionalProperties') return unknownKey(error, path)
  if (error.keyword === 'required') return missingKey(error, path)
  const received = at(value, stepsOf(error))
  return {
    path,
    message: complaint(error, path),
    expected: describe(schemaOf(error)),
    received: show(received),
    ...unquoted(error, received),
    ...characterHint(error),
    ...calledHint(error, path),
  }
}

/** `1.10`, `true`: a number or a truth value of YAML where a text is asked for. */
function unquoted(error: ErrorObject, received: Json): { readonly hint?: string } {
  const isPlain = typeof received === 'number' || typeof received === 'boolean'
  if (!isPlain || error.keyword !== 'type' || error.params.type !== 'string') return {}
  return { hint: 'put it in quotes where it is a text: "1.10", "true"' }
}

/** What a value of another program is called here. */
function calledHint({ keyword, data }: ErrorObject, path: string): { readonly hint?: string } {
  const hint = keyword === 'enum' && typeof data === 'string' ? valueCalled(path, data) : undefined
  return hint === undefined ? {} : { hint }
}

/** How a character is written that was written in letters. */
function characterHint({ keyword, data }: ErrorObject): { readonly hint?: string } {
  if (keyword !== 'maxLength' || typeof data !== 'string') return {}
  const name = data.toLowerCase().replace(/^\\/, '')
  return /^(t|tab|tabs|tabulator)$/.test(name) ? { hint: 'a tab is written "\\t", in double quotes' } : {}
}

/** The schema whose keyword failed (`verbose` asks ajv for it). */
const schemaOf = (error: ErrorObject): JsonSchema => error.parentSchema ?? {}

const stepsOf = ({ instancePath }: ErrorObject): readonly string[] => instancePath.split('/').slice(1).map(unpointed)

/** JSON pointer's escapes. */
function unpointed(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

function at(value: Json, steps: readonly string[]): Json {
  const [step, ...rest] = steps
  if (step === undefined) return value
  const next = isMap(value) ? value[step] : isList(value) ? value[Number(step)] : undefined
  return next === undefined ? null : at(next, rest)
}

function unknownKey(error: ErrorObject, path: string): Problem {
  const key = String(error.params.additionalProperty)
  const schema = schemaOf(error)
  const keys = Object.keys(propertiesOf(schema))
  const [called] = keysCalled(key).filter((name) => keys.includes(name))
  const meant = called === undefined ? didYouMean(key, keys) : `; here it is \`${called}\``
  const message = `\`${key}\` is not a key of ${path === '' ? documentIn(schema, 'a spec') : path}${meant}`
  const hint = absence(schema, key) ?? hintFor(key, ownersIn(schema, key))
  return { code: 'unknown-key', path: join(path, key), message, expected: oneOf(keys), ...hint }
}

/** What a whole document of this schema is called. */
function documentIn(schema: JsonSchema, otherwise: string): string {
  const name = schema['x-document']
  return typeof name === 'string' ? name : otherwise
}

/** Why a key that users may expect does not exist, where the schema has a reason. */
function absence(schema: JsonSchema, key: string): { readonly hint: string } | undefined {
  const reasons = schema['x-absent']
  const reason = isMap(reasons) ? reasons[key] : undefined
  return typeof reason === 'string' ? { hint: reason } : undefined
}

function hintFor(key: string, owners: readonly string[]): { readonly hint?: string } {
  return owners.length > 0 ? { hint: `\`${key}\` is an option of ${oneOf(owners)}` } : {}
}

function missingKey(error: ErrorObject, path: string): Problem {
  const key = String(error.params.missingProperty)
  const property = propertiesOf(schemaOf(error))[key] ?? {}
  const about = typeof property.description === 'string' ? ` (${property.description.replace(/\.$/, '')})` : ''
  const message = `${path === '' ? documentIn(schemaOf(error), 'the spec') : path} needs \`${key}\`${about}`
  return { path: join(path, key), message, expected: describe(property), received: 'nothing' }
}

function complaint(error: ErrorObject, path: string): string {
  if (error.keyword === 'enum' && typeof error.data === 'string') {
    const names = isList(error.params.allowedValues) ? error.params.allowedValues.map(String) : []
    const near = valueCalled(path, error.data) === undefined ? didYouMean(error.data, names) : ''
    return `\`${error.data}\` is not an allowed value${near}`
  }
  if (error.keyword === 'uniqueItems') return 'contains a duplicate item'
  if (error.keyword === 'minItems' || error.keyword === 'minProperties')
    return `has too few entries (at least ${error.params.limit})`
  if (error.keyword === 'type') return 'has the wrong type'
  if (error.keyword === 'pattern' && typeof schemaOf(error)['x-form'] === 'string') return 'has the wrong form'
  if (error.keyword === 'minLength') return error.data === '' ? 'is empty' : 'is too short'
  if (error.keyword === 'maxLength') return 'is too long'
  if (error.keyword.endsWith('inimum')) return 'is too small'
  if (error.keyword.endsWith('aximum')) return 'is too large'
  return `is not valid (${error.message ?? error.keyword})`
}
