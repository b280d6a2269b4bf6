import { describe, expect, it } from 'vitest'
import { judge, type Loss, type LossKind, noSetbacks } from '../../src/runner/limits.js'

const loss = (kind: LossKind, shared = false): Loss => ({ kind, message: kind, shared })

describe('what becomes of a trial that lost its attempt', () => {
  it('is forgiven once when the cause is outside it, and given up the second time', () => {
    const first = judge(loss('host-exited'), noSetbacks)
    expect(first).toEqual({ kind: 'retry', setbacks: { losses: 1, alone: false } })
    const second = judge(loss('host-exited'), { losses: 1, alone: false })
    expect(second).toEqual({ kind: 'give-up', reason: 'host-exited (2 times without progress)' })
  })

  it('goes on alone, uncounted, when it is not known who was the cause', () => {
    for (const kind of ['host-exited', 'lease-lost', 'over-memory'] as const) {
      expect(judge(loss(kind, true), noSetbacks)).toEqual({ kind: 'retry', setbacks: { losses: 0, alone: true } })
    }
  })

  it('is given up at once for its own excess', () => {
    expect(judge(loss('over-time'), noSetbacks).kind).toBe('give-up')
    expect(judge(loss('over-memory'), { losses: 0, alone: true }).kind).toBe('give-up')
  })

  it('gets a host of its own after its heap ran out', () => {
    expect(judge(loss('out-of-memory'), noSetbacks)).toEqual({ kind: 'retry', setbacks: { losses: 1, alone: true } })
  })
})
