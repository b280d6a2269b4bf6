import { sha256 } from '../core/hash.js'
import type { Spec } from './types.js'

/** JSON with sorted keys and nothing left to chance, so that equal values have equal text. Throws on NaN and infinities. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${value} cannot be written as JSON`)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value === 0 ? 0 : value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  const sorted = entries.sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${sorted.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`
}

/** sha-256 of the resolved spec without its name and seed: what all seeds and all names of one experiment share. */
export function specHash(spec: Spec): string {
  const { name: _, seed: __, ...rest } = spec
  return sha256(canonicalJson(rest))
}

/** The trial's name on disk: 16 hexadecimal digits of a hash of spec, seed and data. */
export function trialId(hash: string, seed: number, dataDigest: string): string {
  return sha256(canonicalJson([hash, seed, dataDigest])).slice(0, 16)
}
