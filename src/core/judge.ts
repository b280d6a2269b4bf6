import type { Problem } from './errors.js'

/** Carries out of a rule that it reads what is wrong by itself. */
class Unfit extends Error {}

/**
 * What rules find, each by itself: one that reads what is wrong already (`readable`) says nothing, and keeps no other from
 * being judged.
 */
export function judge(...rules: readonly (() => readonly Problem[])[]): Problem[] {
  return rules.flatMap((rule) => unlessUnfit(rule, []))
}

/** What is read, or something else where that is wrong by itself. */
export function unlessUnfit<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (isUnfit(error)) return otherwise
    throw error
  }
}

/** Whether an error says only that a rule read what is wrong by itself: whoever catches it passes it on. */
export function isUnfit(error: unknown): boolean {
  return error instanceof Unfit
}

/** A copy of plain data for rules: reading what is at one of the `unfit` paths ends the rule that does, also where nothing is there. */
export function readable<T extends object>(value: T, unfit: readonly string[], path = ''): T {
  if (unfit.length === 0) return value
  const copy: object = Array.isArray(value) ? [] : {}
  const below = unfit.map((each) => keyBelow(path, each)).filter((key) => key !== undefined)
  for (const key of new Set([...Object.keys(value), ...below])) {
    const at = path === '' ? key : `${path}.${key}`
    Object.defineProperty(copy, key, { enumerable: true, get: () => partOf(value, key, at, unfit) })
  }
  return copy as T
}

/** The key of a map at `path` that an unfit path names; undefined where it names none of it. */
function keyBelow(path: string, unfit: string): string | undefined {
  const rest = path === '' ? unfit : unfit.startsWith(`${path}.`) ? unfit.slice(path.length + 1) : undefined
  return rest === '' || rest?.includes('.') ? undefined : rest
}

function partOf(value: object, key: string, path: string, unfit: readonly string[]): unknown {
  if (unfit.includes(path)) throw new Unfit(path)
  const part: unknown = Reflect.get(value, key)
  const within = unfit.filter((each) => each.startsWith(`${path}.`))
  return typeof part === 'object' && part !== null ? readable(part, within, path) : part
}
