/** Why an attempt ended without an outcome. */
export type FailureKind =
  | 'host-exited'
  | 'thread-exited'
  | 'out-of-memory'
  | 'lease-lost'
  | 'no-progress'
  | 'over-memory'
  | 'over-time'

/** An attempt that ended without an outcome. */
export interface AttemptFailure {
  readonly kind: FailureKind
  readonly message: string
  /** Other trials ran in the host: it is not known which of them was the cause. */
  readonly shared: boolean
}

/** A trial's failed attempts in this run, as far as they matter for the next one. */
export interface Failures {
  /** Failures of the trial itself since its last progress. */
  readonly count: number
  /** It runs alone in a host from now on. */
  readonly alone: boolean
}

export const noFailures: Failures = { count: 0, alone: false }

export type Decision =
  | { readonly kind: 'retry'; readonly failures: Failures }
  | { readonly kind: 'give-up'; readonly reason: string }

/**
 * Whether a trial is retried after a failed attempt. A failure of a host with several trials counts against none: each
 * continues alone in a host, so that the next failure can be attributed. A cause outside the trial is forgiven once between two
 * checkpoints; its own excess (time, or memory when alone) never.
 */
export function retryPolicy(failure: AttemptFailure, before: Failures): Decision {
  const excess = failure.kind === 'over-time' || (failure.kind === 'over-memory' && !failure.shared)
  if (excess) return { kind: 'give-up', reason: failure.message }
  if (failure.shared) return { kind: 'retry', failures: { ...before, alone: true } }
  const count = before.count + 1
  if (count > forgiven) return { kind: 'give-up', reason: `${failure.message} (${count} times without progress)` }
  return { kind: 'retry', failures: { count, alone: before.alone || failure.kind === 'out-of-memory' } }
}

const forgiven = 1
