import { Ajv, type ErrorObject } from 'ajv'
import type { Problem } from '../../core/errors.js'
import { didYouMean, nearest, oneOf } from '../../core/suggest.js'
import { join, ownersIn } from '../plan/normalise.js'
import type { JsonSchema } from '../schema.js'
import { studyKeys } from '../study-options.js'
import { describe, show } from './describe.js'
import { isMap, type Json } from './nodes.js'
import { propertiesOf } from './schema-navigation.js'

/** Every way in which a value breaks a (narrowed) schema, in the author's words. */
export type Check = (schema: JsonSchema, value: Json) => readonly Problem[]

/** A checker that compiles each distinct schema once. */
export function createCheck(): Check {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, strictNumbers: true, code: { optimize: false } })
  const compiled = new Map<string, ReturnType<Ajv['compile']>>()
  return (schema, value) => {
    const key = JSON.stringify(schema)
    const validate = compiled.get(key) ?? ajv.compile(schema)
    compiled.set(key, validate)
    return validate(value) ? [] : told(validate.errors ?? [])
  }
}

/** Nobody reads more at once. */
const mostTold = 100

function told(errors: readonly ErrorObject[]): readonly Problem[] {
  const problems = errors.slice(0, mostTold).map(toProblem)
  const more = errors.length - problems.length
  return more === 0 ? problems : [...problems, { path: '', message: `and ${more} more mistakes like these` }]
}

function toProblem(error: ErrorObject): Problem {
  const path = error.instancePath.split('/').slice(1).map(unpointed).join('.')
  if (error.keyword === 'additionalProperties') return unknownKey(error, path)
  if (error.keyword === 'required') return missingKey(error, path)
  const parent = (error.parentSchema ?? {}) as JsonSchema
  return { path, message: complaint(error), expected: describe(parent), received: show(error.data as Json) }
}

/** JSON pointer's escapes. */
function unpointed(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

function unknownKey(error: ErrorObject, path: string): Problem {
  const key = String(error.params.additionalProperty)
  const keys = Object.keys(propertiesOf(error.parentSchema as JsonSchema))
  const message = `\`${key}\` is not a key of ${path === '' ? 'a spec' : path}${didYouMean(key, keys)}`
  const owners = ownersIn(error.parentSchema as JsonSchema, key)
  const hint = absence(error.parentSchema as JsonSchema, key) ?? hintFor(key, path, owners)
  return { path: join(path, key), message, expected: `a key among ${oneOf(keys)}`, ...hint }
}

/** Why a key that an author may look for is none, where the schema says so. */
function absence(schema: JsonSchema, key: string): { readonly hint: string } | undefined {
  const reasons = schema['x-absent']
  const reason = isMap(reasons) ? reasons[key] : undefined
  return typeof reason === 'string' ? { hint: reason } : undefined
}

function hintFor(key: string, path: string, owners: readonly string[]): { readonly hint?: string } {
  if (owners.length > 0) return { hint: `\`${key}\` is an option of ${oneOf(owners)}` }
  return path === '' && studyKeys.includes(key) ? { hint: 'this file is a study: run it with `seqlab sweep`' } : {}
}

function missingKey(error: ErrorObject, path: string): Problem {
  const key = String(error.params.missingProperty)
  const property = propertiesOf(error.parentSchema as JsonSchema)[key] ?? {}
  const about = typeof property.description === 'string' ? ` (${property.description.replace(/\.$/, '')})` : ''
  const message = `${path === '' ? 'the spec' : path} needs \`${key}\`${about}`
  return { path: join(path, key), message, expected: describe(property), received: 'nothing' }
}

function complaint(error: ErrorObject): string {
  if (error.keyword === 'enum' && typeof error.data === 'string') {
    const names = (error.params.allowedValues as readonly unknown[]).map(String)
    const name = nearest(error.data, names)
    return `\`${error.data}\` is not one of its values${name === undefined ? '' : `; did you mean \`${name}\`?`}`
  }
  if (error.keyword === 'uniqueItems') return 'holds the same item twice'
  if (error.keyword === 'minItems' || error.keyword === 'minProperties')
    return `holds too little (at least ${error.params.limit})`
  if (error.keyword === 'type') return 'has the wrong type'
  if (error.keyword.endsWith('inimum')) return 'is too small'
  if (error.keyword.endsWith('aximum')) return 'is too large'
  return `is not valid (${error.message ?? error.keyword})`
}
