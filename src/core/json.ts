import { SeqlabError } from './errors.js'

/**
 * One line of JSON without its line end. Throws SeqlabError 'run' on a number that JSON cannot hold: NaN would become
 * null in silence.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value, refuseNonFinite)
}

/** A file of JSON for people to read too. Throws as `jsonLine`. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, refuseNonFinite, 1)}\n`
}

function refuseNonFinite(key: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value
  throw new SeqlabError('run', `${value} cannot be written as JSON (at "${key}")`)
}

/** What a text of JSON holds; undefined where it is not whole JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
