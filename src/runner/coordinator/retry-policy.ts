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
  /** Those of its own since its last progress. */
  readonly count: number
  /** It runs in a host of its own from now on. */
  readonly alone: boolean
}

export const noFailures: Failures = { count: 0, alone: false }

export type Decision =
  | { readonly kind: 'retry'; readonly failures: Failures }
  | { readonly kind: 'give-up'; readonly reason: string }

/**
 * Whether a trial whose attempt failed is tried again. A failure in company counts against nobody: each continues in a
 * host of its own, so that the next one has a culprit. A cause outside the trial is forgiven once between two
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
