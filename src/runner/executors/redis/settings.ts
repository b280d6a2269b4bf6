import { canonicalJson } from '../../../core/canonical-json.js'
import { sha256 } from '../../../core/hash.js'

/** What a profile of the executor says, in plain numbers. */
export interface QueueSettings {
  /** Begins the queue's name: studies and workers of one name find each other. */
  readonly queue: string
  /** After so long without a sign of life a worker has lost its job. */
  readonly leaseMs: number
  /** How long Redis may be away, or take nothing, before who needs it gives up. */
  readonly graceMs: number
  /** How often the queue is asked for what no event told. */
  readonly pollMs: number
  /** How long files and results stay that nobody asks for. */
  readonly keepMs: number
  /** Bytes of a file at most. */
  readonly largestBytes: number
  /** Jobs of a study that wait or run at once. */
  readonly jobs: number
}

/**
 * The queue of a version: whoever has another one of anything that can change a result never sees its jobs. `versions` as a
 * record has them.
 */
export function queueOf(queue: string, versions: Readonly<Record<string, string>>): string {
  return `${queue}-${sha256(canonicalJson(versions)).slice(0, 16)}`
}

/** What a profile calls the queue of that name. */
export function nameInProfile(queue: string): string {
  return queue.replace(/-[0-9a-f]{16}$/, '')
}
