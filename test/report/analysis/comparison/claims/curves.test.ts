import { describe, expect, test } from 'vitest'
import {
  type CurveQuestion,
  compareCurve,
  curveSamples,
  statisticTitle,
  whyMissing,
} from '../../../../../src/report/analysis/comparison/claims/curves.js'
import { type FoundOptions, foundTrial } from '../../../found.js'
import { groupOf } from './valued.js'

type Points = readonly (readonly [step: number, loss: number])[]
const lines = (points: Points) =>
  points.map(([step, loss]) => ({ kind: 'validation' as const, step, loss, metrics: {}, best: false }))
const trial = (label: string, seed: number, points: Points, more: FoundOptions = {}) =>
  foundTrial({ label, seed, lines: lines(points), ...more })
const cancelled = { record: { status: 'cancelled' as const, metrics: {} } }

const loss = { unit: 'nats', label: 'nats per token' } as const
const question = (at: CurveQuestion['at'], more: Partial<CurveQuestion> = {}): CurveQuestion => ({
  ...{ name: 'validation-loss', at, loss },
  ...more,
})
const accuracy = (better: 'lower' | 'higher') => ({ metric: { title: 'accuracy', unit: 'percent' as const, better } })

// The mean over steps 100 to 400 is (100 · (4 + 2) / 2 + 200 · (2 + 1) / 2) / 300 = 2 for the first seed.
const falling = [0, 1, 2].map((up) =>
  trial('falling', up + 1, [
    [100, 4 + up],
    [200, 2 + up],
    [400, 1 + up],
  ]),
)
const flat = [5, 7].map((level, at) =>
  trial('flat', at + 1, [
    [50, level],
    [400, level],
  ]),
)
const both = groupOf([...falling, ...flat]).group.variants

describe('one statistic of a curve', () => {
  const valuesOf = (at: CurveQuestion['at'], more: Partial<CurveQuestion> = {}) =>
    compareCurve(both, question(at, more)).perSeed.get('v1')

  test('is its mean over the steps that all trials have', () => {
    expect(curveSamples(both, question('mean')).over).toBe(' over steps 100 to 400')
    expect(valuesOf('mean')).toEqual([2, 3, 4])
    // A trial that has no such curve does not narrow the range, one with a single point does.
    const overWith = (points: Points) =>
      curveSamples(groupOf([...falling, ...flat, trial('more', 1, points)]).group.variants, question('mean')).over
    expect(overWith([])).toBe(' over steps 100 to 400')
    expect(overWith([[200, 1]])).toBe(' over steps 200 to 200')
  })

  test('or its last or its best value, or that at a step, whatever the others have', () => {
    expect(valuesOf('last')).toEqual([1, 2, 3])
    expect(valuesOf('best')).toEqual([1, 2, 3])
    expect(valuesOf('best', accuracy('lower'))).toEqual([1, 2, 3])
    expect(valuesOf('best', accuracy('higher'))).toEqual([4, 5, 6])
    expect(valuesOf(200)).toEqual([2, 3, 4])
    expect(valuesOf(100)).toEqual([4, 5, 6])
    for (const at of ['last', 'best', 200] as const) expect(curveSamples(both, question(at)).over).toBe('')
  })

  test('is named with where it is', () => {
    expect(statisticTitle(question('mean'))).toBe('mean validation loss')
    expect(statisticTitle(question('best', accuracy('higher')))).toBe('best dev accuracy')
    expect(statisticTitle(question(1500))).toBe('validation loss at step 1,500')
  })

  test('is undefined where no step is shared, or nothing is recorded', () => {
    const apart = groupOf([trial('a', 1, [[100, 1]]), trial('b', 1, [[200, 1]])]).group.variants
    const { samples, over } = curveSamples(apart, question('mean'))
    expect([samples.size, over]).toEqual([0, ''])
    const none = groupOf([trial('a', 1, [])]).group.variants
    for (const at of ['mean', 'last', 'best', 100] as const)
      expect(curveSamples(none, question(at)).samples.size).toBe(0)
    expect(curveSamples(groupOf([falling[0] ?? foundTrial()]).group.variants, question(300)).samples.size).toBe(0)
  })
})

describe('a curve of several variants', () => {
  test("is compared by Welch's test of its seeds' values, without new examples", () => {
    const { title, over, perSeed, missing, pairs } = compareCurve(both, question('last'))
    expect([title, over]).toEqual(['last validation loss', ''])
    expect([...perSeed]).toEqual([
      ['v1', [1, 2, 3]],
      ['v2', [5, 7]],
    ])
    expect(missing.size).toBe(0)
    const [pair, ...others] = pairs
    expect(others).toEqual([])
    expect([pair?.left, pair?.right, pair?.difference, pair?.exampleVariance]).toEqual(['v1', 'v2', -4, 0])
    // s² is 1 of three and 2 of two seeds: 1/3 + 2/2.
    expect(pair?.seedVariance).toBeCloseTo(4 / 3, 10)
    // Far beyond what any loss can be: intervals are not cut.
    expect(pair?.interval).toEqual({ low: expect.any(Number), high: expect.any(Number) })
  })

  test('leaves out a variant of which one trial lacks it, and says why', () => {
    const lacking = trial('lacking', 2, [])
    const { variants } = groupOf([...falling, trial('lacking', 1, [[100, 1]]), lacking, ...flat]).group
    const { perSeed, missing, pairs } = compareCurve(variants, question('last'))
    expect([...perSeed.keys()]).toEqual(['v1', 'v3'])
    expect([...missing]).toEqual([['v2', 'seed 2 of lacking has no validation loss']])
    expect(pairs.map(({ left, right }) => [left, right])).toEqual([['v1', 'v3']])
  })
})

describe('why a variant has no statistic', () => {
  const why = (of: readonly ReturnType<typeof trial>[], at: CurveQuestion['at'], more: Partial<CurveQuestion> = {}) => {
    const { variants } = groupOf(of).group
    const [first] = variants
    if (first === undefined) throw new Error('a variant')
    return whyMissing(first, curveSamples(variants, question(at, more)).samples, question(at, more))
  }

  test('is none where all of its trials have it', () => {
    expect(why(falling, 'mean')).toBeUndefined()
    expect(why(falling.slice(0, 1), 'mean')).toBeUndefined()
  })

  test('is that nothing has finished', () => {
    expect(why([trial('gru', 1, [[100, 1]], cancelled), ...flat], 'last')).toBe('gru has no finished trial')
  })

  test('is that nothing was recorded, with the reason where that is known', () => {
    expect(why([trial('gru', 4, []), ...flat], 'last')).toBe('seed 4 of gru has no validation loss')
    const gap = { points: 1, reason: 'it overflowed' }
    const broken = { ...trial('gru', 4, []), gaps: { 'validation-loss': gap } }
    expect(why([broken, ...flat], 'last')).toBe('seed 4 of gru has no validation loss: it overflowed')
  })

  test('is that no step is shared, or where the curve begins and ends', () => {
    expect(why([trial('a', 1, [[100, 1]]), trial('b', 1, [[200, 1]])], 'mean')).toBe(
      'there is no step at which all trials have a validation loss',
    )
    expect(why(falling, 300)).toBe(
      'seed 1 of falling has no validation loss at step 300 (its curve has 3 values from step 100 to 400)',
    )
    expect(why([trial('a', 1, [[1000, 1]])], 300)).toBe(
      'seed 1 of a has no validation loss at step 300 (its curve has 1 value from step 1,000 to 1,000)',
    )
  })
})
