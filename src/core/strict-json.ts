// JSON from strangers: what JSON.parse takes in silence (the same key twice, any depth, `__proto__`) is refused here.
import { isJsonObject } from './json.js'
import { withWrittenNumbers } from './written-number.js'

export interface JsonLimits {
  /** Of lists and maps in each other. */
  readonly depth: number
  /** Whether numbers come as they are written (`WrittenNumber`), for readers to whom they may be texts; else as JSON.parse reads them. */
  readonly writtenNumbers?: boolean
}

/** What a text of JSON holds, or why it is refused (`it is nested 65 levels deep`), which completes a sentence. */
function parseStrictJson(
  text: string,
  { depth, writtenNumbers = false }: JsonLimits,
): { readonly value: unknown } | string {
  const flaw = flawOf(text, depth)
  if (flaw !== undefined) return flaw
  try {
    return { value: writtenNumbers ? withWrittenNumbers(text) : JSON.parse(text) }
  } catch {
    return 'it is not whole JSON'
  }
}

/** As `parseStrictJson`, where a map is expected. */
export function parseStrictObject(text: string, limits: JsonLimits): Readonly<Record<string, unknown>> | string {
  const parsed = parseStrictJson(text, limits)
  if (typeof parsed === 'string') return parsed
  return isJsonObject(parsed.value) ? parsed.value : 'it is not a map of keys and values'
}

/** Strings whole, and the marks that open, close and name; everything else is between them. */
const tokens = /"(?:[^"\\]|\\.)*"|[[\]{}:]/gs

/** Scans a text that may be no JSON at all: then anything may come out, and JSON.parse decides. */
function flawOf(text: string, most: number): string | undefined {
  const keys: Set<string>[] = []
  let last = ''
  for (const [token] of text.matchAll(tokens)) {
    if (token === '[' || token === '{') keys.push(new Set())
    if (keys.length > most) return `it is nested more than ${most} levels deep`
    if (token === ']' || token === '}') keys.pop()
    if (token === ':') {
      const flaw = keyFlaw(last, keys.at(-1))
      if (flaw !== undefined) return flaw
    }
    last = token
  }
  return undefined
}

function keyFlaw(token: string, keys: Set<string> | undefined): string | undefined {
  const key = unquoted(token)
  if (key === '__proto__') return 'it has a key "__proto__"'
  if (keys?.has(key) === true) return `it has the key ${JSON.stringify(key.slice(0, 100))} twice`
  keys?.add(key)
  return undefined
}

/** A key as it is meant: escapes can write one key in several ways. */
function unquoted(token: string): string {
  try {
    return String(JSON.parse(token))
  } catch {
    return token
  }
}
