import { describe, expect, it } from 'vitest'
import {
  type AttemptFailure,
  type FailureKind,
  noFailures,
  retryPolicy,
} from '../../src/runner/coordinator/retry-policy.js'

const failure = (kind: FailureKind, shared = false): AttemptFailure => ({ kind, message: kind, shared })

describe('what becomes of a trial whose attempt failed', () => {
  it('is forgiven once when the cause is outside it, and given up the second time', () => {
    const first = retryPolicy(failure('host-exited'), noFailures)
    expect(first).toEqual({ kind: 'retry', failures: { count: 1, alone: false } })
    const second = retryPolicy(failure('host-exited'), { count: 1, alone: false })
    expect(second).toEqual({ kind: 'give-up', reason: 'host-exited (2 times without progress)' })
  })

  it('goes on alone, uncounted, when it is not known who was the cause', () => {
    for (const kind of ['host-exited', 'lease-lost', 'over-memory'] as const) {
      expect(retryPolicy(failure(kind, true), noFailures)).toEqual({
        kind: 'retry',
        failures: { count: 0, alone: true },
      })
    }
  })

  it('is given up at once for its own excess', () => {
    expect(retryPolicy(failure('over-time'), noFailures).kind).toBe('give-up')
    expect(retryPolicy(failure('over-memory'), { count: 0, alone: true }).kind).toBe('give-up')
  })

  it('gets a host of its own after its heap ran out', () => {
    expect(retryPolicy(failure('out-of-memory'), noFailures)).toEqual({
      kind: 'retry',
      failures: { count: 1, alone: true },
    })
  })
})
