import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../../src/core/measured.js'
import { statisticsTable } from '../../../../src/stats/bootstrap.js'
import { comparedGroup, sizedTrial } from '../../found.js'

const valuesOf = (trials: Parameters<typeof comparedGroup>[0]) => comparedGroup(trials).metrics[0]?.values[0]
const seeds = [1, 2, 3]

describe('the mean over seeds', () => {
  it('has an interval over new examples too, though all seeds have one value', () => {
    // Of a hundred examples half are all wrong: their mean has the variance 0.25 / 100, and t is 1.984 at 99 degrees.
    const errors = Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? 10 : 0))
    const mean = valuesOf(seeds.map((seed) => sizedTrial(64, seed, { errors })))?.mean
    if (!mean || !('interval' in mean) || !('low' in mean.interval)) throw new Error('an interval')
    expect(mean.value).toBe(0.5)
    // Within a tenth: the variance is that of a thousand resamples.
    expect(Math.abs((mean.interval.high - mean.interval.low) / 2 / (1.984 * 0.05) - 1)).toBeLessThan(0.1)
  })

  it('has one where a few resamples have no value: these are left out', () => {
    // Four of twenty examples have tokens: 0.8 ** 20 = 1.2 % of the resamples have none of them.
    const rows = Array.from({ length: 20 }, (_, at) => (at < 4 ? [at, 10] : [0, 0]))
    const trials = seeds.map((seed) => ({ ...sizedTrial(64, seed), statistics: { per: statisticsTable(rows) } }))
    const mean = valuesOf(trials)?.mean
    // 0 + 1 + 2 + 3 errors in 40 tokens.
    expect(mean?.value).toBeCloseTo(0.15, 10)
    expect(mean).toMatchObject({ interval: { method: 't', low: expect.any(Number), high: expect.any(Number) } })
  })

  it('has a deviation between the seeds that have a value', () => {
    const nothing = statisticsTable([
      [0, 0],
      [0, 0],
    ])
    const without = { ...sizedTrial(64, 3), statistics: { per: nothing } }
    const [first, second] = [sizedTrial(64, 1, { errors: [1, 3] }), sizedTrial(64, 2, { errors: [2, 4] })]
    // 0.2 and 0.3, each 0.05 from their mean.
    expect(valuesOf([first, second, without])?.seedDeviation).toBeCloseTo(0.05 * Math.SQRT2, 10)
    expect(valuesOf([first, without])?.seedDeviation).toEqual(
      undefinedBecause('one seed has no deviation between seeds'),
    )
  })
})

describe('a pair of variants', () => {
  it('has an interval of 95 % around its difference, with its degrees of freedom', () => {
    const of = (hidden: number, more: number) =>
      seeds.map((seed) => sizedTrial(hidden, seed, { errors: [seed, seed + more, 0, 2] }))
    const [pair] = comparedGroup([...of(64, 1), ...of(128, 5)]).metrics[0]?.pairs ?? []
    if (!pair || !('low' in pair.interval)) throw new Error('an interval')
    // 4 errors more in 40 tokens.
    expect(pair.difference).toBeCloseTo(-0.1, 10)
    expect(pair.level).toBeCloseTo(0.95, 10)
    expect((pair.interval.low + pair.interval.high) / 2).toBeCloseTo(-0.1, 10)
    // Seeds 1 to 3 have 5, 7 and 9 errors: the variance 0.05 ** 2 on both sides, over three seeds.
    expect(pair.seedVariance).toBeCloseTo((2 * 0.05 ** 2) / 3, 10)
    // At least those of a side's seeds, at most those of both and of the examples.
    expect(pair.degreesOfFreedom).toBeGreaterThanOrEqual(2)
    expect(pair.degreesOfFreedom).toBeLessThanOrEqual(2 + 2 + 3)
  })
})
