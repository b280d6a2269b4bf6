import { sha256 } from '../../core/hash.js'
import { canonicalJson } from '../../spec/hash.js'
import type { PlannedTrial, Spec } from '../../spec/types.js'

/** What is done with a trained model to tell how good it is. */
export interface PlannedEvaluation {
  readonly id: string
  readonly decode: Spec['decode']
  readonly metrics: Spec['metrics']
  readonly testDigest: string
  readonly label: string
  readonly variant: Readonly<Record<string, unknown>>
}

/** What a trial was trained from, and its first evaluation. */
export function identityOf({ specHash: trainHash, dataDigest, spec, label, variant }: PlannedTrial): {
  readonly trainHash: string
  readonly digests: { readonly training: string; readonly test: string }
  readonly evaluation: PlannedEvaluation
} {
  const digests = { training: dataDigest, test: dataDigest }
  const { decode, metrics } = spec
  const id = sha256(canonicalJson([decode, metrics, digests.test])).slice(0, 8)
  return { trainHash, digests, evaluation: { id, decode, metrics, testDigest: digests.test, label, variant } }
}
