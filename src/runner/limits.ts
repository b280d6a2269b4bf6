import { totalmem } from 'node:os'

/** Bounds on hosts and trials; what goes beyond them is ended. */
export interface Limits {
  /** Resident set of a host, in bytes. */
  readonly hostBytes: number
  /** A whole attempt at a trial. */
  readonly trialMs: number
  /** What the whole run may take of the clock: then running trials stop and save, and all that are left are cancelled. */
  readonly budgetMs: number
  /** Without a step, an event or a checkpoint. Compiling and long evaluations are silent, so this is long. */
  readonly noProgressMs: number
  /** Without a heartbeat: then the host has lost its lease, and what its attempts do later counts for nothing. */
  readonly leaseMs: number
  /** From asking trials to stop until their hosts are killed. */
  readonly stopMs: number
}

export const defaultLimits: Limits = {
  hostBytes: 0.8 * memoryBytes(),
  trialMs: Number.POSITIVE_INFINITY,
  budgetMs: Number.POSITIVE_INFINITY,
  noProgressMs: 15 * 60_000,
  leaseMs: 60_000,
  stopMs: 60_000,
}

/** What this process and its children may take: the machine's memory, or less where a container is given less. */
function memoryBytes(): number {
  const constrained = process.constrainedMemory?.() ?? 0
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}

/** Why an attempt ended without an outcome. */
export type LossKind =
  | 'host-exited'
  | 'thread-exited'
  | 'out-of-memory'
  | 'lease-lost'
  | 'no-progress'
  | 'over-memory'
  | 'over-time'

export interface Loss {
  readonly kind: LossKind
  readonly message: string
  /** Other trials ran in the host: it is not known which of them was the cause. */
  readonly shared: boolean
}

/** What has befallen a trial in this run. */
export interface Setbacks {
  /** Losses of its own since its last progress. */
  readonly losses: number
  /** It runs in a host of its own from now on. */
  readonly alone: boolean
}

export const noSetbacks: Setbacks = { losses: 0, alone: false }

export type Verdict =
  | { readonly kind: 'retry'; readonly setbacks: Setbacks }
  | { readonly kind: 'give-up'; readonly reason: string }

/**
 * What becomes of a trial that lost its attempt. A loss in company counts against nobody: each goes on in a host of its
 * own, so that the next one has a culprit. A cause outside the trial is forgiven once between two checkpoints; its own
 * excess (time, or memory when alone) never.
 */
export function judge(loss: Loss, before: Setbacks): Verdict {
  const excess = loss.kind === 'over-time' || (loss.kind === 'over-memory' && !loss.shared)
  if (excess) return { kind: 'give-up', reason: loss.message }
  if (loss.shared) return { kind: 'retry', setbacks: { ...before, alone: true } }
  const losses = before.losses + 1
  if (losses > forgiven) return { kind: 'give-up', reason: `${loss.message} (${losses} times without progress)` }
  return { kind: 'retry', setbacks: { losses, alone: before.alone || loss.kind === 'out-of-memory' } }
}

const forgiven = 1
