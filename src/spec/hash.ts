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

/** sha-256 (hex) of task, model and train: what all seeds of one training share, whatever its data. */
export function trainHash({ task, model, train }: Pick<Spec, 'task' | 'model' | 'train'>): string {
  return sha256(canonicalJson([task, model, train]))
}

/**
 * The trial's name on disk, of all that trains it and of nothing else: 16 hexadecimal digits of a hash of task, model,
 * train, seed and the digest of what training reads.
 */
export function trialId(
  { task, model, train }: Pick<Spec, 'task' | 'model' | 'train'>,
  seed: number,
  data: string,
): string {
  return sha256(canonicalJson([task, model, train, seed, data])).slice(0, 16)
}

/** What is done with a trained model: 8 hexadecimal digits of a hash of search method, metrics and the test split's digest. */
export function evaluationId({ decode, metrics }: Pick<Spec, 'decode' | 'metrics'>, testDigest: string): string {
  return sha256(canonicalJson([decode, metrics, testDigest])).slice(0, 8)
}
