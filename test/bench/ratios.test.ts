import { describe, expect, test } from 'vitest'
import { medianRatio } from '../../bench/against/ratios.js'

describe('the median ratio of paired rounds', () => {
  /** Rounds whose ratios are 1 to `count`, shuffled a little, at times that differ from round to round. */
  const rounds = (count: number) =>
    Array.from({ length: count }, (_, i) => ((i * 7) % count) + 1).map((ratio, i) => ({
      thisMs: ratio * (i + 1),
      otherMs: i + 1,
    }))

  test('is of ratios within rounds, with the order statistics of the sign test as its interval', () => {
    // Tables of the binomial distribution: n = 15 leaves 3 out at either end (96.5 %), n = 20 leaves 5 (95.9 %).
    expect(medianRatio(rounds(15))).toEqual({ median: 8, low: 4, high: 12 })
    expect(medianRatio(rounds(20))).toEqual({ median: 10.5, low: 6, high: 15 })
    expect(medianRatio(rounds(6))).toEqual({ median: 3.5, low: 1, high: 6 })
  })

  test('is this over the other, whatever both have in common in a round', () => {
    const shared = [1, 10, 3, 200, 5, 7].map((ms) => ({ thisMs: 1.5 * ms, otherMs: ms }))
    expect(medianRatio(shared)).toEqual({ median: 1.5, low: 1.5, high: 1.5 })
  })

  test('has no interval of fewer than 6 rounds', () => {
    expect(() => medianRatio(rounds(5))).toThrow(/at least 6 rounds, not 5/)
  })
})
