import type { Place } from '../../core/errors.js'
import { isJsonObject } from '../../core/json.js'
import { parseStrictObject } from '../../core/strict-json.js'
import { didYouMean, listed } from '../../core/suggest.js'
import { WrittenNumber, writtenJson } from '../../core/written-number.js'
import { dataError } from '../data-error.js'
import type { RawText } from '../sources/types.js'

/** The object in a line, of which `keys` are to be read, with its numbers as they are written. Throws SeqlabError 'data' where it is none. */
export function objectOf(text: string, place: Place, keys: readonly string[]): Readonly<Record<string, unknown>> {
  const read = parseStrictObject(text, { depth: 64, writtenNumbers: true })
  if (typeof read !== 'string') return read
  const isList = /^\s*\[\s*(\{|$)/.test(text)
  throw dataError(place, `the line is no JSON object: ${read}`, {
    expected: `{${keys.map((key) => `${JSON.stringify(key)}: ...`).join(', ')}}`,
    received: JSON.stringify(text.slice(0, 60)),
    ...(isList ? { hint: 'one JSON list for the whole file? jq -c ".[]" FILE makes lines' } : {}),
  })
}

/**
 * The text at a key, or at keys within each other (`translation.de`). Throws SeqlabError 'data' where there is none, with the
 * keys that there are and the nearest of them.
 */
export function textAt(object: Readonly<Record<string, unknown>>, path: string, place: Place): RawText {
  if (Object.hasOwn(object, path)) return textOf(object[path], path, place)
  let value: unknown = object
  for (const name of path.split('.')) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) throw noKey(value, name, path, place)
    value = value[name]
  }
  return textOf(value, path, place)
}

/** The texts at several keys, by the names of these. Throws as `textAt`. */
export function textsAt(
  object: Readonly<Record<string, unknown>>,
  paths: { readonly [name: string]: string },
  place: Place,
): Readonly<Record<string, RawText>> {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, textAt(object, path, place)] as const))
}

function noKey(value: unknown, name: string, path: string, place: Place): Error {
  const names = isJsonObject(value) ? Object.keys(value) : []
  return dataError(place, `there is no ${JSON.stringify(path)}${didYouMean(name, names)}`, {
    expected: 'a key of the object',
    received: names.length === 0 ? writtenJson(value).slice(0, 60) : listed(names),
  })
}

function textOf(value: unknown, path: string, place: Place): RawText {
  if (typeof value === 'string') return value
  if (value instanceof WrittenNumber || typeof value === 'boolean') return `${value}`
  if (Array.isArray(value) && value.every((token) => typeof token === 'string')) return value
  const keys = isJsonObject(value) ? Object.keys(value) : []
  throw dataError(place, `${JSON.stringify(path)} is neither a text nor a list of tokens`, {
    expected: 'a text, a number, true or false, or a list of texts',
    received: writtenJson(value).slice(0, 60),
    ...(keys[0] === undefined ? {} : { hint: `for a value within it write ${JSON.stringify(`${path}.${keys[0]}`)}` }),
  })
}
