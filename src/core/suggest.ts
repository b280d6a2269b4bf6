import { distance } from 'fastest-levenshtein'
import type { Problem } from './errors.js'

/** The name that was probably meant: nearest by edit distance, if at most a third of it (or two letters) is wrong. */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, away: distance(written.toLowerCase(), name.toLowerCase()) }))
    .sort((left, right) => left.away - right.away)
  const [best] = ranked
  if (best === undefined) return undefined
  const limit = Math.max(2, Math.floor(Math.max(best.name.length, written.length) / 3))
  return best.away <= limit && best.away < best.name.length ? best.name : undefined
}

/** `; did you mean \`cell\`?`, or nothing. */
export function didYouMean(written: string, names: readonly string[]): string {
  const name = nearest(written, names)
  return name === undefined ? '' : `; did you mean \`${name}\`?`
}

/** `a`, `b` or `c`. */
export function oneOf(names: readonly string[]): string {
  return inRow(
    names.map((name) => `\`${name}\``),
    'or',
  )
}

/** `a, b and c`. */
export function inRow(words: readonly string[], last: 'and' | 'or'): string {
  if (words.length <= 1) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}

/** `"text", "label"`, cut where there are many. */
export function listed(names: readonly string[]): string {
  return names
    .map((name) => JSON.stringify(name))
    .join(', ')
    .slice(0, 300)
}

/** `a cell`, `an optimizer`. */
export function a(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`
}

/** A name that is none of those that there are, as a problem with the nearest of them; none where it is one. */
export function unknownName(path: string, kind: string, name: string, names: readonly string[]): Problem[] {
  if (names.includes(name)) return []
  const message = `there is no ${kind} \`${name}\`${didYouMean(name, names)}`
  return [{ path, message, expected: oneOf(names), received: name }]
}
