import { a, oneOf } from '../../core/suggest.js'
import { isMap, type Json } from './nodes.js'
import type { JsonSchema } from './schema-navigation.js'
import { partNames, partSlot, propertiesOf, schemasOf } from './schema-navigation.js'

/** What a schema accepts, in words. */
export function describe(schema: JsonSchema): string {
  const slot = partSlot(schema)
  if (slot !== undefined) return `the name of ${a(slot.kind)}: ${oneOf(partNames(slot))}`
  if ('const' in schema) return show(schema.const ?? null)
  if (Array.isArray(schema.enum)) return oneOf(schema.enum.map(String))
  if (Array.isArray(schema.anyOf)) return describeUnion(schemasOf(schema.anyOf))
  switch (schema.type) {
    case 'integer':
      return `a whole number${describeRange(schema)}`
    case 'number':
      return `a number${describeRange(schema)}`
    case 'boolean':
      return '`true` or `false`'
    case 'string':
      return describeText(schema)
    case 'array':
      return describeList(schema)
    case 'object':
      if (Object.keys(propertiesOf(schema)).length === 0) return 'a map'
      return `a map with ${oneOf(Object.keys(propertiesOf(schema))).replace(/ or (?=[^ ]*$)/, ' and ')}`
    default:
      return schema.type === undefined ? 'a value' : String(schema.type)
  }
}

function describeUnion(members: readonly JsonSchema[]): string {
  if (members.every((member) => 'const' in member)) return oneOf(members.map((member) => String(member.const)))
  return members.map(describe).join(', or ')
}

function describeText({ pattern, minLength, maxLength, 'x-form': form }: JsonSchema): string {
  if (typeof form === 'string') return form
  if (typeof pattern === 'string') return `text that matches ${pattern}`
  if (typeof maxLength === 'number') return describeLength(Number(minLength ?? 0), maxLength)
  return minLength === 1 ? 'text that is not empty' : 'text'
}

function describeLength(least: number, most: number): string {
  if (least === most) return most === 1 ? 'one character' : `${most} characters`
  return `text of ${least} to ${most} characters`
}

function describeList({ items, minItems, maxItems }: JsonSchema): string {
  // Of items that are wrong themselves the schema is left out: they are reported on their own.
  const of = isMap(items) && Object.keys(items).length > 0 ? describe(items) : ''
  const count = [
    ...(minItems === undefined ? [] : [`at least ${Number(minItems)}`]),
    ...(maxItems === undefined ? [] : [`at most ${Number(maxItems)}`]),
  ].join(' and ')
  return `a list${count === '' ? '' : ` of ${count}`}${of === '' ? '' : ` (each ${of})`}`
}

function describeRange({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const parts = [
    ...(minimum === undefined ? [] : [`at least ${number(minimum)}`]),
    ...(exclusiveMinimum === undefined ? [] : [`above ${number(exclusiveMinimum)}`]),
    ...(maximum === undefined ? [] : [`at most ${number(maximum)}`]),
    ...(exclusiveMaximum === undefined ? [] : [`below ${number(exclusiveMaximum)}`]),
  ]
  return parts.length === 0 ? '' : `, ${parts.join(' and ')}`
}

function number(value: Json): string {
  return Number(value).toLocaleString('en-GB')
}

/** A value as written in the spec, shortened; strings are marked as such. */
export function show(value: Json): string {
  if (typeof value === 'string') return `text ${cut(JSON.stringify(value))}`
  if (value === null) return 'nothing (null)'
  if (Array.isArray(value)) return `a list ${cut(JSON.stringify(value))}`
  if (typeof value === 'object') return `a map ${cut(JSON.stringify(value))}`
  return String(value)
}

function cut(text: string, most = 60): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`
}
