import { Ajv, type CodeOptions } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import type { Plugin } from 'rolldown'
import { parseAst } from 'rolldown/parseAst'
import type { IsValid } from '../../src/spec/document/ahead.js'
import { isList, isMap, type Json, type JsonMap } from '../../src/spec/document/nodes.js'
import type { JsonSchema } from '../../src/spec/document/schema-navigation.js'
import { specSchema, studySchema } from '../../src/spec/schema.js'

const names = ['isValidSpec', 'isValidStudy'] as const

/** The code of validators of whole specs and of studies' own keys, as src/spec/document/ahead.ts exports them. */
export function validators(): string {
  const code = standalone.default(
    compiler({ source: true, esm: true }),
    Object.fromEntries(names.map((name) => [name, name])),
  )
  return withoutErrors(code)
}

/** Only whether something is valid is asked: what each error says is more than half of the code, which every start reads. */
function withoutErrors(code: string): string {
  const errors = errorsIn(parseAst(code))
  const starts = [0, ...errors.map(({ end }) => end)]
  return starts.map((start, at) => code.slice(start, errors[at]?.start)).join('{}')
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Object literals that describe an error, in the code's order. */
function errorsIn(node: unknown): readonly Span[] {
  if (Array.isArray(node)) return node.flatMap(errorsIn)
  if (typeof node !== 'object' || node === null) return []
  return isError(node) ? [node] : Object.values(node).flatMap(errorsIn)
}

function isError(node: object): node is Span {
  if (!('type' in node) || node.type !== 'ObjectExpression' || !('properties' in node)) return false
  return Array.isArray(node.properties) && node.properties.some(({ key }) => key?.name === 'schemaPath')
}

/** The same validator, in this process. */
export function validatorNow(name: (typeof names)[number]): IsValid {
  const validate = compiler({}).getSchema(name)
  if (validate === undefined) throw new RangeError(`no schema ${name}`)
  return (value) => validate(value) === true
}

/** Knows the schemas by the validators' names. */
function compiler(code: CodeOptions): Ajv {
  const ajv = new Ajv({ strict: false, strictNumbers: true, messages: false, inlineRefs: false, code })
  ajv.addSchema(withDefinitions(specSchema()), 'isValidSpec')
  ajv.addSchema(withDefinitions(studySchema()), 'isValidStudy')
  return ajv
}

/** Puts them where the sources have none. */
export const compileValidators: Plugin = {
  name: 'validators',
  load: {
    filter: { id: /\/src\/spec\/document\/ahead\.ts$/ },
    handler: () => ({ code: validators(), moduleType: 'js' }),
  },
}

/**
 * The same schema, in which every object is a definition that is referred to: each distinct one becomes one function (a
 * tenth of the code). What only people read is left out, so that more of them are the same.
 */
function withDefinitions(schema: JsonSchema): JsonSchema {
  const names = new Map<string, string>()
  const definitions: Record<string, Json> = {}
  const define = (value: JsonMap): JsonMap => {
    const plain = mapSchemas(value, define)
    if (plain.type !== 'object' && !isList(plain.anyOf)) return plain
    const key = JSON.stringify(plain)
    const name = names.get(key) ?? `d${names.size}`
    names.set(key, name)
    definitions[name] = plain
    return { $ref: `#/definitions/${name}` }
  }
  return { ...define(schema), definitions }
}

/** A schema with `change` made to those directly within it. */
function mapSchemas(schema: JsonMap, change: (schema: JsonMap) => JsonMap): JsonMap {
  const among = (value: Json): Json =>
    isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, one(each)])) : value
  const one = (value: Json): Json => (isMap(value) ? change(value) : value)
  const entries = Object.entries(schema).flatMap(([key, value]): [string, Json][] => {
    if (key === 'description' || key === 'default' || key.startsWith('x-')) return []
    if (key === 'properties' || key === 'patternProperties') return [[key, among(value)]]
    if (key === 'anyOf' && isList(value)) return [[key, value.map(one)]]
    return [[key, key === 'items' ? one(value) : value]]
  })
  return Object.fromEntries(entries)
}
