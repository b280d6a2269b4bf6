import { isJsonObject } from '../../core/json.js'
import { kindOf, type Part } from '../../core/part.js'
import { a } from '../../core/suggest.js'
import { isMap, type Json } from '../document/nodes.js'
import { propertiesOf } from '../document/schema-navigation.js'
import { type Expected, type OwnKind, ownKind, text, texts } from './kinds.js'
import { refusal } from './refusal.js'
import type { OwnFile } from './types.js'

/** A part that a file exports. */
export interface Definition {
  readonly kind: OwnKind
  readonly part: Part
}

const aFunction: Expected = { words: 'a function', fits: (value) => typeof value === 'function' }
const name: Expected = {
  words: 'a name of small letters, digits and `-`, such as `scaled-cosine`',
  fits: (value) => typeof value === 'string' && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value) && value.length <= 60,
}
const citation: Expected = {
  words: '`{ paper: "..." }`, where the formula comes from',
  fits: (value) => isJsonObject(value) && typeof value.paper === 'string',
}

/** What every part has. Types say so too, but a file of JavaScript may have been checked by none. */
const common: Readonly<Record<string, Expected>> = {
  name,
  summary: text,
  equations: texts,
  source: citation,
  build: aFunction,
}

/** The parts among what a file exports. Throws SeqlabError 'spec' where there are none, or one is incomplete. */
export function definitionsIn(exported: Readonly<Record<string, unknown>>, { file }: OwnFile): readonly Definition[] {
  const definitions = [...new Set(Object.values(exported))].flatMap((value) => definition(value, file))
  if (definitions.length > 0) return definitions
  throw refusal({ file }, 'it exports no part', {
    hint: 'Export what a define function gives: `export const mine = defineScorer({ name: "mine", ... })`.',
  })
}

function definition(value: unknown, file: string): readonly Definition[] {
  const called = kindOf(value)
  if (called === undefined) return []
  const kind = ownKind(called)
  if (kind === undefined) throw refusal({ file }, `${a(called)} cannot be a part of your own`)
  // Whoever defined it has the type of a part, and JavaScript anything at all.
  const part = value as Part
  const problem = problemOf(part, kind)
  if (problem !== undefined) throw refusal({ file }, `${a(called)} ${nameOf(part)}: ${problem}`)
  return [{ kind, part }]
}

function nameOf(part: Part): string {
  return name.fits(part.name) ? `\`${part.name}\`` : '(what `name` says is not one)'
}

function problemOf(part: Part, { fields, registries }: OwnKind): string | undefined {
  const unfit = Object.entries({ ...common, ...fields }).find(([field, { fits }]) => !fits(Reflect.get(part, field)))
  if (unfit !== undefined) return `\`${unfit[0]}\` must be ${unfit[1].words}`
  return optionsProblem(part.options, registries[0].key)
}

function optionsProblem(options: unknown, key: string): string | undefined {
  const schema = asJson(options)
  if (!isMap(schema) || schema.type !== 'object')
    return '`options` must be a schema of a map: `Type.Object({ ... })`, or `noOptions`'
  const properties = Object.entries(propertiesOf(schema))
  if (properties.some(([option]) => option === key)) return `\`${key}\` names the part, and cannot be an option of it`
  const bare = properties.find(([, property]) => typeof property.description !== 'string')
  return bare === undefined ? undefined : `its option \`${bare[0]}\` must have a description`
}

function asJson(value: unknown): Json {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null')
  } catch {
    return null
  }
}
