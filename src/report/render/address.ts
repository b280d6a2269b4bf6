import { normalize, sep } from 'node:path'

/** A relative path as an address in a page. */
export function addressOf(path: string): string {
  return normalize(path).split(sep).map(encodeURIComponent).join('/')
}
