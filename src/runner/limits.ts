import { totalmem } from 'node:os'

/** Bounds on hosts and trials; what exceeds them is terminated. */
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

/** Of a machine's memory, or of what a job was given of it, that hosts may take: the rest is the system's. */
export const memoryShare = 0.8

export const defaultLimits: Limits = {
  hostBytes: memoryShare * memoryBytes(),
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
