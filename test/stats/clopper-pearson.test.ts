import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { clopperPearson } from '../../src/stats/clopper-pearson.js'

// SciPy 1.17.1's binomtest(k, n).proportion_ci(level, method="exact"), by test/goldens/stats.py.
interface Goldens {
  readonly clopperPearson: readonly (readonly [k: number, n: number, level: number, low: number, high: number])[]
}
const goldens: Goldens = JSON.parse(readFileSync(new URL('../goldens/stats.json', import.meta.url), 'utf8'))

test('is that of SciPy, to eight digits', () => {
  expect(goldens.clopperPearson.length).toBeGreaterThan(100)
  for (const [k, n, level, low, high] of goldens.clopperPearson) {
    const own = clopperPearson(k, n, level)
    expect(Math.abs(own.low - low), `low of ${k} of ${n}`).toBeLessThanOrEqual(1e-8 * Math.max(low, 1e-3))
    expect(Math.abs(own.high - high), `high of ${k} of ${n}`).toBeLessThanOrEqual(1e-8 * Math.max(1 - high, high))
  }
})

describe('by hand', () => {
  it('40 of 40 is not 100 % to 100 %: all would be right by chance at 0.025^(1/40) in one of 40 studies', () => {
    const { low, high } = clopperPearson(40, 40, 0.95)
    expect(low).toBeCloseTo(0.025 ** (1 / 40), 10)
    expect(high).toBe(1)
  })

  it('none of 40 is its mirror image', () => {
    const { low, high } = clopperPearson(0, 40, 0.95)
    expect(low).toBe(0)
    expect(high).toBeCloseTo(1 - 0.025 ** (1 / 40), 10)
  })

  it('one of one: 0.025 to 1, and one of two: 1 - sqrt(0.975) to sqrt(0.975)', () => {
    expect(clopperPearson(1, 1, 0.95)).toEqual({ low: expect.closeTo(0.025, 12), high: 1 })
    const { low, high } = clopperPearson(1, 2, 0.95)
    expect([low, high]).toEqual([expect.closeTo(1 - Math.sqrt(0.975), 10), expect.closeTo(Math.sqrt(0.975), 10)])
  })

  it('refuses what is no share', () => {
    expect(() => clopperPearson(3, 2, 0.95)).toThrow(RangeError)
    expect(() => clopperPearson(0, 0, 0.95)).toThrow(RangeError)
    expect(() => clopperPearson(0.5, 2, 0.95)).toThrow(RangeError)
    expect(() => clopperPearson(1, 2.5, 0.95)).toThrow(RangeError)
    expect(() => clopperPearson(-1, 2, 0.95)).toThrow('-1 of 2 is no share of examples')
  })
})
