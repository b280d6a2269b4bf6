import { describe, expect, test } from 'vitest'
import { undefinedBecause } from '../../../../../src/core/measured.js'
import { compareAveraged } from '../../../../../src/report/analysis/comparison/claims/averaged.js'
import type { TrialSample } from '../../../../../src/report/analysis/comparison/samples.js'
import { sizedTrial } from '../../../found.js'
import { valuedVariants } from './valued.js'

// A grid over the encoder's size and the batch size: a variant is called `32/8`.
type Values = Readonly<Record<string, readonly (number | TrialSample | undefined)[]>>
const hidden = 'model.encoder.hidden'
const batch = 'train.batchSize'

function compared(of: Values, left: readonly string[], right: readonly string[], named = [hidden], examples = 0) {
  const values = Object.entries(of).flatMap(([label, seeds]) => {
    const [size = 0, batchSize = 0] = label.split('/').map(Number)
    const variant = { [hidden]: size, [batch]: batchSize }
    return seeds.flatMap((value, at) => {
      if (value === undefined) return []
      const trial = sizedTrial(size, at + 1, { label, variant }, { batchSize })
      return [[trial, typeof value === 'number' ? { value } : value] as const]
    })
  })
  const { variants, samples } = valuedVariants(values)
  const on = (labels: readonly string[]) => variants.filter(({ label }) => labels.includes(label))
  return compareAveraged({ left: on(left), right: on(right), named, variants }, samples, examples)
}
function found(...args: Parameters<typeof compared>) {
  const result = compared(...args)
  if (typeof result === 'string') throw new Error(result)
  return result
}

const sizes = ['32', '64', '128']
const level = (size: string) => [`${size}/8`, `${size}/16`]
// Seed by seed the averages of 32 are 1, 2, 3, of 64 11, 12, 13, and of 128 101, 102, 103.
const study: Values = {
  ...{ '32/8': [0, 1, 2], '32/16': [2, 3, 4] },
  ...{ '64/8': [10, 11, 12], '64/16': [12, 13, 14] },
  ...{ '128/8': [100, 101, 102], '128/16': [102, 103, 104] },
}

describe('two averaged sides', () => {
  test('are compared by the averages of each seed, among all pairs of levels', () => {
    const { comparison, family, seeds, matched, text } = found(study, level('32'), level('64'))
    expect(text).toBe('averaged over train.batchSize (8, 16), seed by seed')
    expect(seeds).toEqual([3, 3])
    expect(matched.unmatched).toEqual([])
    expect(comparison.estimate).toBe(-10)
    // s² is 1 on both sides: 1/3 + 1/3. The single trials' would be 2 each.
    expect(comparison.seedVariance).toBeCloseTo(2 / 3, 10)
    expect(comparison.exampleVariance).toBe(0)
    expect([comparison.left, comparison.right, comparison.pairs]).toEqual([0, 1, 0])
    // Three pairs of levels; the differences to 128 are ten times as large, so that this one comes last in Holm's order.
    expect(family).toBe(3)
    expect(comparison.adjustedP).toBe(comparison.p)
    const largest = found(study, level('32'), level('128')).comparison
    expect(largest.adjustedP).toBeCloseTo(3 * Number(largest.p), 15)
  })

  test('count once among the pairs of levels, whichever side is left', () => {
    const pairs = sizes.flatMap((left) => sizes.filter((right) => right !== left).map((right) => [left, right]))
    const families = pairs.map(([left = '', right = '']) => found(study, level(left), level(right)).family)
    expect(families).toEqual([3, 3, 3, 3, 3, 3])
  })

  test('are one more pair where one of them is no level', () => {
    // Both settings are named: each of the six variants is a level by itself, which makes fifteen pairs.
    const named = [hidden, batch]
    const several = found(study, ['32/8'], level('64'), named)
    expect([several.family, several.text]).toEqual([16, 'averaged over the variants of a side, seed by seed'])
    const turned = found(study, level('64'), ['32/8'], named)
    expect([turned.family, turned.text]).toEqual([16, 'averaged over the variants of a side, seed by seed'])
    expect(found(study, level('64'), level('32'), named).family).toBe(16)
    // One level is the left side, the other only a part of the right.
    expect(found(study, ['32/8', '32/16'], level('64').slice(1), [hidden]).family).toBe(4)
    // Both cut across the levels.
    expect(found(study, ['32/8', '64/8'], ['32/16', '64/16'], [hidden, batch]).family).toBe(16)
    expect(found(study, ['32/8', '64/16'], ['64/8', '32/16'], [hidden]).family).toBe(4)
  })

  test('leave out what only one side has; single variants that are left are no average', () => {
    const { '64/16': _, '128/16': __, ...rest } = study
    const { text, matched, comparison, family } = found(rest, level('32'), ['64/8'])
    expect(text).toBe('without 32/16, which only one side has')
    expect(matched.left.map(({ label }) => label)).toEqual(['32/8'])
    // 0, 1, 2 less 10, 11, 12.
    expect(comparison.estimate).toBe(-10)
    // Of the other pairs of levels, 32 and 128 have a batch size in common, and so have 64 and 128.
    expect(family).toBe(3)
    expect(compared({ '32/8': [1, 2], '64/16': [3, 4] }, ['32/8'], ['64/16'])).toBe(
      'no setting that neither side names has finished trials on both sides',
    )
  })

  test('say where a seed is missing, on either side', () => {
    const without = (label: string) => ({ ...study, [label]: [study[label]?.[0], undefined, study[label]?.[2]] })
    const missing = 'averaged over train.batchSize (8, 16), seed by seed; without the seeds that not every setting has'
    const left = found(without('32/16'), level('32'), level('64'))
    expect([left.seeds, left.text]).toEqual([[2, 3], missing])
    const right = found(without('64/8'), level('32'), level('64'))
    expect([right.seeds, right.text]).toEqual([[3, 2], missing])
    // 1 and 3 of 32 against 11, 12 and 13.
    expect(left.comparison.estimate).toBe(-10)
    // Of the other levels too: seeds 1 and 2 of 128 have not both a value, and that is no pair.
    const apart = { ...study, '128/8': [1, undefined, undefined], '128/16': [undefined, 2, undefined] }
    expect(found(apart, level('32'), level('64')).family).toBe(1)
    expect(compared(apart, level('32'), level('128'))).toBe(
      'no seed has finished under every setting that a side is averaged over',
    )
    expect(compared(apart, level('128'), level('32'))).toBe(
      'no seed has finished under every setting that a side is averaged over',
    )
  })

  test('have no difference where one of them has no value, and why', () => {
    const nothing = { value: undefinedBecause('no references') }
    const of = { ...study, '64/8': [10, nothing, 12] }
    expect(compared(of, level('32'), level('64'))).toBe('undefined for seed 2: no references')
    expect(compared(of, level('64'), level('32'))).toBe('undefined for seed 2: no references')
    // Among the others such a pair cannot be tested.
    expect(found(of, level('32'), level('128')).family).toBe(1)
  })

  test('are over new examples too where values are resampled', () => {
    const of = (value: number, ...resampled: number[]) => ({ value, resampled: Float64Array.from(resampled) })
    const values = {
      ...{ '32/8': [of(1, 1, 2), of(2, 2, 3)], '32/16': [of(1, 1, 2), of(2, 2, 3)] },
      ...{ '64/8': [of(5, 7, 4), of(6, 8, 5)], '64/16': [of(5, 7, 4), of(6, 8, 5)] },
    }
    const { comparison } = found(values, level('32'), level('64'), [hidden], 9)
    // Averages 1.5 and 2.5 less 7.5 and 4.5: -6 and -2, whose variance is 8.
    expect(comparison.exampleVariance).toBeCloseTo(8, 10)
    // s² is 1/2 of two seeds on both sides: 1/4 + 1/4.
    expect(comparison.seedVariance).toBeCloseTo(1 / 2, 10)
  })
})
