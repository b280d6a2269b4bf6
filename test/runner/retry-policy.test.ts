import { describe, expect, it } from 'vitest'
import { type Failures, noFailures, retryPolicy } from '../../src/runner/coordinator/retry-policy.js'
import type { AttemptFailure, FailureKind } from '../../src/runner/messages.js'

const failure = (kind: FailureKind, shared = false): AttemptFailure => ({ kind, message: kind, shared })

describe('what becomes of a trial whose attempt failed', () => {
  it('is forgiven once when the cause is outside it, and given up the second time', () => {
    const first = retryPolicy(failure('host-exited'), noFailures)
    expect(first).toEqual({ kind: 'retry', failures: { count: 1, takenAway: 0, alone: false } })
    const second = retryPolicy(failure('host-exited'), { ...noFailures, count: 1 })
    expect(second).toEqual({ kind: 'give-up', reason: 'host-exited (2 times without progress)' })
  })

  it('goes on alone, uncounted, when it is not known who was the cause', () => {
    for (const kind of ['host-exited', 'lease-lost', 'over-memory'] as const) {
      expect(retryPolicy(failure(kind, true), noFailures)).toEqual({
        kind: 'retry',
        failures: { count: 0, takenAway: 0, alone: true },
      })
    }
  })

  it('is given up at once for its own excess', () => {
    expect(retryPolicy(failure('over-time'), noFailures).kind).toBe('give-up')
    expect(retryPolicy(failure('over-memory'), { ...noFailures, alone: true }).kind).toBe('give-up')
  })

  it('is taken away by its cluster four times without progress, and counted apart from failures', () => {
    const taken = (failures: Failures) => retryPolicy(failure('stopped-by-cluster'), failures)
    const fourth = taken({ ...noFailures, count: 1, takenAway: 3 })
    expect(fourth).toEqual({ kind: 'retry', failures: { count: 1, takenAway: 4, alone: false } })
    expect(taken({ ...noFailures, takenAway: 4 })).toEqual({
      kind: 'give-up',
      reason: 'stopped-by-cluster (5 times without progress)',
    })
    expect(retryPolicy(failure('time-limit'), { ...noFailures, takenAway: 4 }).kind).toBe('retry')
    expect(retryPolicy(failure('time-limit'), { ...noFailures, count: 1 }).kind).toBe('give-up')
  })

  it('gets a host of its own after its heap ran out', () => {
    expect(retryPolicy(failure('out-of-memory'), noFailures)).toEqual({
      kind: 'retry',
      failures: { count: 1, takenAway: 0, alone: true },
    })
  })
})
