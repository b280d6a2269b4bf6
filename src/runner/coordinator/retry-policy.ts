import type { AttemptFailure } from '../messages.js'

/** A trial's failed attempts in this run, as far as they matter for the next one. */
export interface Failures {
  /** Failures of the trial itself since its last progress. */
  readonly count: number
  /** Times that its cluster took it away since its last progress. */
  readonly takenAway: number
  /** It runs alone in a host from now on. */
  readonly alone: boolean
}

export const noFailures: Failures = { count: 0, takenAway: 0, alone: false }

export type Decision =
  | { readonly kind: 'retry'; readonly failures: Failures }
  | { readonly kind: 'give-up'; readonly reason: string }

/**
 * Whether a trial is retried after a failed attempt. A failure of a host with several trials counts against none: each
 * continues alone in a host, so that the next failure can be attributed. A cause outside the trial is forgiven once between two
 * checkpoints, a cluster that takes it away four times, that its turn did not come always; its own excess (time, or memory when
 * alone) never.
 */
export function retryPolicy(failure: AttemptFailure, before: Failures): Decision {
  const excess = failure.kind === 'over-time' || (failure.kind === 'over-memory' && !failure.shared)
  if (excess) return { kind: 'give-up', reason: failure.message }
  if (failure.kind === 'not-begun') return { kind: 'retry', failures: before }
  if (failure.shared) return { kind: 'retry', failures: { ...before, alone: true } }
  const failures = counted(failure, before)
  const [times, most] =
    failure.kind === 'stopped-by-cluster' ? [failures.takenAway, takenAwayForgiven] : [failures.count, forgiven]
  if (times > most) return { kind: 'give-up', reason: `${failure.message} (${times} times without progress)` }
  return { kind: 'retry', failures }
}

function counted({ kind }: AttemptFailure, before: Failures): Failures {
  if (kind === 'stopped-by-cluster') return { ...before, takenAway: before.takenAway + 1 }
  return { ...before, count: before.count + 1, alone: before.alone || kind === 'out-of-memory' }
}

const forgiven = 1
const takenAwayForgiven = 4
