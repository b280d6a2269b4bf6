import type { Static, TSchema } from 'typebox'
import { checked, damaged } from '../core/checked-json.js'
import { readFileIfPresent, writeFileDurably } from '../core/files.js'
import { sha256 } from '../core/hash.js'
import { isJsonObject, jsonText, parseJson } from '../core/json.js'
import { asDamage } from './files.js'

/** JSON with its own checksum: `seal` is the sha-256 of the text without it, so that any changed bit shows. */
export function sealJson(value: object): string {
  const body = jsonText(value).slice(0, -1)
  return jsonText({ ...value, seal: sha256(body) })
}

/** Throws SeqlabError 'run', naming the file, when a byte differs from what was sealed, or as `checked`. */
export function openSealed<Schema extends TSchema>(schema: Schema, text: string, file: string): Static<Schema> {
  const parsed = parseJson(text)
  if (!isJsonObject(parsed)) throw damaged(file, 'it is not whole JSON')
  const problem = sealProblem(parsed, text)
  if (problem !== undefined) throw damaged(file, problem)
  const { seal: _, ...value } = parsed
  return checked(schema, value, file)
}

/** Why a text is not what was sealed, given what it holds; undefined where it is. */
export function sealProblem(parsed: Readonly<Record<string, unknown>>, text: string): string | undefined {
  const { seal: _, ...value } = parsed
  return sealJson(value) === text ? undefined : 'its checksum does not match'
}

/** Throws as `openSealed`; undefined when there is no such file. */
export function readSealed<Schema extends TSchema>(schema: Schema, path: string): Static<Schema> | undefined {
  try {
    const bytes = readFileIfPresent(path)
    return bytes === undefined ? undefined : openSealed(schema, bytes.toString('utf8'), path)
  } catch (error) {
    throw asDamage(path, error)
  }
}

export function writeSealed(path: string, value: object): void {
  writeFileDurably(path, sealJson(value))
}
