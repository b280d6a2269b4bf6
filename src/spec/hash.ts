import { canonicalJson } from '../core/canonical-json.js'
import { sha256 } from '../core/hash.js'
import type { Spec } from './types.js'

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
