import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../../src/core/measured.js'
import { metricSamples, sampleOf, seedUnits, trialUnits } from '../../../../src/report/analysis/comparison/samples.js'
import { metricLookup } from '../../../../src/report/analysis/metrics.js'
import { foundTrial } from '../../found.js'

const per = metricLookup([{ type: 'per' }])('per')
if (per === undefined) throw new Error('per is known')
const settings = { seed: 1, resamples: 50 }
const [one, other] = [1, 2].map((seed) => foundTrial({ seed, errors: [seed, seed + 2] }))
if (one === undefined || other === undefined) throw new Error('two trials')

describe('a metric of trials', () => {
  it('has their values, and as many under resampled examples as are asked for', () => {
    const samples = metricSamples([one, other], per, settings)
    // 1 + 3 and 2 + 4 of 20.
    expect([...samples.values()].map(({ value }) => value)).toEqual([0.2, 0.3])
    const resampled = [...samples.values()].map((sample) => [...(sample.resampled ?? [])])
    expect(resampled.map(({ length }) => length)).toEqual([50, 50])
    // Every trial sees the same draw: each of its examples has an error more in ten tokens.
    for (const [at, value] of (resampled[0] ?? []).entries()) expect(resampled[1]?.[at]).toBeCloseTo(value + 0.1, 10)
    expect(new Set(resampled[0])).toEqual(new Set([0.1, 0.2, 0.3]))
  })

  it('cannot be had of one without its statistics', () => {
    expect(() => metricSamples([one, { ...other, statistics: {} }], per, settings)).toThrow(
      new RangeError('A trial lacks the statistics of a metric that the others have'),
    )
  })
})

describe('units', () => {
  it('are of the seeds that every setting has', () => {
    const of = (label: string, ...seeds: readonly number[]) => seeds.map((seed) => foundTrial({ label, seed }))
    const units = seedUnits([of('a', 1, 2, 3), of('b', 3, 2), of('c', 4, 3, 2, 1)])
    expect(units.map(({ seed, trials }) => [seed, trials.map(({ record }) => record.label + record.seed)])).toEqual([
      [2, ['a2', 'b2', 'c2']],
      [3, ['a3', 'b3', 'c3']],
    ])
    expect(seedUnits([])).toEqual([])
  })
})

describe('a sample', () => {
  const numbers = (...values: readonly number[]) => Float64Array.from(values)
  const units = trialUnits([one, other])

  it('has a value for each unit, with the trained models that it is of', () => {
    const samples = new Map([
      [one, { value: 0.2, resampled: numbers(0.1, 0.3) }],
      [other, { value: 0.3, resampled: numbers(0.2, 0.5) }],
    ])
    expect(sampleOf(units, samples)).toEqual({
      perSeed: [0.2, 0.3],
      sample: {
        values: [0.2, 0.3],
        models: [['cells-gru-1'], ['cells-gru-2']],
        resampled: [numbers(0.1, 0.3), numbers(0.2, 0.5)],
      },
    })
    const both = sampleOf([{ seed: 1, trials: [one, other] }], samples)
    expect(both.perSeed).toEqual([0.25])
    expect(both.sample).toMatchObject({ models: [['cells-gru-1', 'cells-gru-2']] })
    const [averages] = ('resampled' in both.sample ? both.sample.resampled : undefined) ?? []
    expect(averages?.[0]).toBeCloseTo(0.15, 10)
    expect(averages?.[1]).toBeCloseTo(0.4, 10)
  })

  it('is of seeds alone where any of them has no resamples', () => {
    const ofSeeds = { values: [0.2, 0.3], models: [['cells-gru-1'], ['cells-gru-2']] }
    const without = new Map([
      [one, { value: 0.2 }],
      [other, { value: 0.3 }],
    ])
    expect(sampleOf(units, without).sample).toEqual(ofSeeds)
    expect('resampled' in sampleOf(units, without).sample).toBe(false)
    const half = new Map([
      [one, { value: 0.2, resampled: numbers(0.1, 0.3) }],
      [other, { value: 0.3 }],
    ])
    expect(sampleOf(units, half).sample).toEqual(ofSeeds)
  })

  it('is undefined where a seed has no value; of a single one the reason says enough', () => {
    const samples = new Map([
      [one, { value: 0.2 }],
      [other, { value: undefinedBecause('no token') }],
    ])
    expect(sampleOf(units, samples)).toEqual({
      perSeed: [0.2, undefinedBecause('no token')],
      sample: undefinedBecause('undefined for seed 2: no token'),
    })
    expect(sampleOf(trialUnits([other]), samples).sample).toEqual(undefinedBecause('no token'))
    // One of the two settings of a seed is enough.
    expect(sampleOf([{ seed: 1, trials: [one, other] }], samples).sample).toEqual(undefinedBecause('no token'))
  })

  it('is undefined where more than one in twenty resamples has no value', () => {
    const of = (undefinedOnes: number) => {
      const resampled = Float64Array.from({ length: 20 }, (_, at) => (at < undefinedOnes ? Number.NaN : 0.2))
      return sampleOf(trialUnits([one]), new Map([[one, { value: 0.2, resampled }]])).sample
    }
    expect(of(1)).toMatchObject({ values: [0.2] })
    expect(of(2)).toEqual(undefinedBecause('2 of 20 resamples of the examples have no value, more than 5 %'))
  })
})
