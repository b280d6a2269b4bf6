import { describe, expect, test } from 'vitest'
import { type Location, locate, questionOf } from '../../../../../src/report/analysis/comparison/claims/locate.js'
import type { Sides } from '../../../../../src/report/analysis/comparison/claims/verdict.js'
import { describeGroup } from '../../../../../src/report/analysis/comparison/group.js'
import type { FoundTrial } from '../../../../../src/report/analysis/comparison/read-trial.js'
import { groupTrials } from '../../../../../src/report/analysis/comparison/variants.js'
import type { Claim } from '../../../../../src/spec/types.js'
import { statisticsTable } from '../../../../../src/stats/bootstrap.js'
import { type FoundOptions, foundTrial, sizedTrial } from '../../../found.js'
import { madeUpSpec } from '../../../made-up.js'

const described = (trials: readonly FoundTrial[]) =>
  groupTrials(trials, { onlyChanged: true }).map((group) => describeGroup(group, { seed: 1 }))
const claim = (more: Partial<Claim>): Claim => ({ left: 'a', right: 'b', relation: 'lower', ...more })
const located = (more: Partial<Claim>, groups: ReturnType<typeof described>) =>
  locate({ claim: claim(more), folder: 'runs/cells' }, groups)
function sidesOf({ located: found }: Location): Sides {
  if ('problem' in found) throw new Error(found.problem)
  return found.sides
}
const problemOf = ({ located: found }: Location) => ('problem' in found ? found.problem : undefined)

/** One example has these errors in ten tokens, the other as many: PER is a tenth of them. */
const of = (label: string, ...errors: readonly number[]) =>
  errors.map((wrong, at) => foundTrial({ label, seed: at + 1, errors: [wrong, wrong] }))
const [a, b, c] = [of('a', 1, 2, 3), of('b', 4, 6), of('c', 8, 8, 9)]
if (a === undefined || b === undefined || c === undefined) throw new Error('three')
const three = described([...a, ...b, ...c])
const lines = (values: Readonly<Record<number, number>>) =>
  Object.entries(values).map(([step, loss]) => ({
    ...{ kind: 'validation' as const, step: Number(step), loss, metrics: { per: loss / 10 }, best: false },
  }))
const failed: FoundOptions = { record: { status: 'failed', metrics: {} } }

describe('what a claim asks about', () => {
  test('is a metric, or a curve with its statistic', () => {
    const [group] = three
    expect(questionOf(claim({ metric: 'per' }), group)).toBeUndefined()
    expect(questionOf(claim({ curve: 'validation-loss' }), group)).toMatchObject({
      ...{ name: 'validation-loss', at: 'mean', metric: undefined },
      loss: { unit: 'nats', label: 'nats per token' },
    })
    expect(questionOf(claim({ curve: 'per', at: 500 }), group)).toMatchObject({
      ...{ name: 'per', at: 500, metric: { title: 'PER', unit: 'percent', better: 'lower' } },
    })
    // Where no trial has finished.
    expect(questionOf(claim({ curve: 'per', at: 'last' }), undefined)).toMatchObject({
      ...{ name: 'per', at: 'last', metric: { title: 'PER' }, loss: { unit: 'number', label: '' } },
    })
  })
})

describe('two single variants', () => {
  test('a value that is not there is the reason why they are no pair, not the interval that two seeds have not', () => {
    const nothing = {
      per: statisticsTable([
        [0, 0],
        [0, 0],
      ]),
    }
    const without = of('b', 1, 1, 1).map((trial) => ({ ...trial, statistics: nothing }))
    expect(problemOf(located({ metric: 'per' }, described([...of('a', 1, 2), ...without])))).toBe(
      'the PER of one of the two variants cannot be compared: undefined for seed 1: the references have no phonemes',
    )
  })

  test('are their pair of the group, the one way round or the other', () => {
    const tested = (left: string, right: string) => {
      const { left: one, right: other, over, variants, ...found } = located({ left, right, metric: 'per' }, three)
      expect([one, other, over]).toEqual([[left], [right], []])
      const { pair, swapped, family, seeds, averaged, overExamples } = sidesOf({
        ...found,
        left: one,
        right: other,
        over,
        variants,
      })
      expect([family, averaged, overExamples]).toEqual([3, '', true])
      return { variants, of: [pair.left, pair.right], swapped, seeds, difference: expect.closeTo(pair.difference, 12) }
    }
    // PER is 0.2, 0.5 and 0.8333 on average.
    const difference = (value: number) => expect.closeTo(value, 12)
    const [ab, ac, bc] = [
      { of: ['v1', 'v2'], seeds: [3, 2] },
      { of: ['v1', 'v3'], seeds: [3, 3] },
      { of: ['v2', 'v3'], seeds: [2, 3] },
    ]
    expect(tested('a', 'b')).toMatchObject({ ...ab, swapped: false, variants: '[0,[["v1"],["v2"]]]' })
    expect(tested('b', 'a')).toMatchObject({ ...ab, swapped: true, variants: '[0,[["v2"],["v1"]]]' })
    expect(tested('a', 'c')).toMatchObject({ ...ac, swapped: false })
    expect(tested('c', 'a')).toMatchObject({ ...ac, swapped: true })
    expect(tested('b', 'c')).toMatchObject({ ...bc, swapped: false })
    expect(tested('c', 'b')).toMatchObject({ ...bc, swapped: true })
    expect(sidesOf(located({ metric: 'per' }, three)).pair.difference).toEqual(difference(-0.3))
  })

  test('have the difference as tests take it: the spread between seeds and what examples add', () => {
    const varied = described([
      foundTrial({ label: 'a', seed: 1, errors: [1, 3] }),
      foundTrial({ label: 'a', seed: 2, errors: [2, 4] }),
      foundTrial({ label: 'b', seed: 1, errors: [5, 4] }),
      foundTrial({ label: 'b', seed: 2, errors: [7, 9] }),
    ])
    const { between, pair, title, unit, better, range } = sidesOf(located({ metric: 'per' }, varied))
    expect([title, unit, better, range]).toEqual([
      'PER',
      'percent',
      'lower',
      [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    ])
    // PER is 0.2 and 0.3, and 0.45 and 0.8: (0.1² / 2 + 0.35² / 2) / 2.
    expect(between.seedVariance).toBeCloseTo(0.033125, 12)
    expect(between.exampleVariance).toBeGreaterThan(0.001)
    expect(between.standardError).toBeCloseTo(Math.sqrt(0.033125 + between.exampleVariance), 12)
    expect(between).toEqual({
      ...{
        estimate: expect.closeTo(-0.375, 12),
        seedVariance: pair.seedVariance,
        exampleVariance: pair.exampleVariance,
      },
      ...{ standardError: between.standardError, degreesOfFreedom: pair.degreesOfFreedom, p: pair.p },
      effectSize: pair.effectSize,
    })
    // Of one seed each nothing is known of other seeds.
    const single = described([foundTrial({ label: 'a', errors: [1, 3] }), foundTrial({ label: 'b', errors: [5, 4] })])
    const { between: one } = sidesOf(located({ metric: 'per' }, single))
    expect([one.seedVariance, one.effectSize]).toEqual([undefined, undefined])
    expect(one.standardError).toBeCloseTo(Math.sqrt(one.exampleVariance), 12)
    // Where nothing varies nothing can be tested.
    const same = described([...of('a', 1, 1), ...of('b', 1, 1)])
    expect(sidesOf(located({ metric: 'per' }, same)).between).toMatchObject({
      p: undefined,
      degreesOfFreedom: Number.NaN,
    })
  })

  test('differ by no more than what the metric can be', () => {
    const accurate = (label: string, seed: number, right: number) => {
      const metrics = [{ type: 'per' as const }, { type: 'token-accuracy' as const }]
      const trial = foundTrial({ label, seed, record: { spec: { ...madeUpSpec, seed, metrics } } })
      return {
        ...trial,
        statistics: {
          ...trial.statistics,
          'token-accuracy': statisticsTable([
            [right, 10],
            [right, 10],
          ]),
        },
      }
    }
    const trials = [accurate('a', 1, 0), accurate('a', 2, 10), accurate('b', 1, 1), accurate('b', 2, 9)]
    const sides = sidesOf(located({ metric: 'token-accuracy', relation: 'better' }, described(trials)))
    expect([sides.better, sides.range]).toEqual(['higher', [-1, 1]])
    expect(sides.pair.interval).toEqual({ low: -1, high: 1 })
  })

  test('need the metric, a finished trial of both, and a value of both', () => {
    expect(problemOf(located({ metric: 'wer' }, three))).toBe('no trial has a test wer; available: per')
    const without = described([...a, foundTrial({ label: 'b', ...failed })])
    expect(problemOf(located({ metric: 'per' }, without))).toBe('one of the two variants has no completed trial')
    const empty = foundTrial({ label: 'b', seed: 1 })
    const table = {
      ...statisticsTable([
        [0, 0],
        [0, 0],
      ]),
    }
    const nothing = described([...a, { ...empty, statistics: { per: table } }, ...c])
    const reason = /^the PER of one of the two variants cannot be compared: the references have no phonemes$/
    expect(problemOf(located({ metric: 'per' }, nothing))).toMatch(reason)
    expect(problemOf(located({ left: 'b', right: 'c', metric: 'per' }, nothing))).toMatch(reason)
  })

  test('say why of themselves, whatever is missing of others', () => {
    const empty = statisticsTable([
      [0, 0],
      [0, 0],
    ])
    const nothing = { ...foundTrial({ label: 'b' }), statistics: { per: empty } }
    const groups = described([...of('two', 1, 2), ...a, nothing])
    expect(problemOf(located({ metric: 'per' }, groups))).toBe(
      'the PER of one of the two variants cannot be compared: the references have no phonemes',
    )
    // Two seeds give no interval of a mean, but that is not why there is no pair.
    const failing = described([...of('a', 1, 2), foundTrial({ label: 'b', ...failed })])
    expect(problemOf(located({ metric: 'per' }, failing))).toBe('one of the two variants has no completed trial')
    // All seeds have a value, but a quarter of the resamples has the example without phonemes alone.
    const half = statisticsTable([
      [0, 0],
      [1, 10],
    ])
    const rare = b.map((trial) => ({ ...trial, statistics: { per: half } }))
    expect(problemOf(located({ metric: 'per' }, described([...a, ...rare])))).toMatch(
      /^the PER of one of the two variants cannot be compared: \d+ of 1000 resamples of the examples have no value, more than 5 %$/,
    )
  })

  test('may be compared in a curve, over seeds alone', () => {
    const curved = described([
      ...[1, 2, 3].map((loss, at) => foundTrial({ label: 'a', seed: at + 1, lines: lines({ 10: loss, 30: loss }) })),
      ...[5, 7].map((loss, at) => foundTrial({ label: 'b', seed: at + 1, lines: lines({ 10: loss, 20: loss }) })),
      foundTrial({ label: 'c' }),
    ])
    const loss = located({ left: 'b', right: 'a', curve: 'validation-loss' }, curved)
    expect(sidesOf(loss)).toMatchObject({
      ...{ title: 'mean validation loss over steps 10 to 20', unit: 'nats', better: 'lower', overExamples: false },
      ...{ swapped: true, family: 1, seeds: [3, 2], averaged: '' },
      range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      between: { estimate: -4, seedVariance: expect.closeTo(1 / 3 + 1, 12), exampleVariance: 0 },
    })
    expect(sidesOf(located({ curve: 'per', at: 'last' }, curved))).toMatchObject({
      ...{ title: 'last dev PER', unit: 'percent', better: 'lower' },
    })
    const none = 'seed 1 of c has no validation loss'
    expect(problemOf(located({ right: 'c', curve: 'validation-loss' }, curved))).toBe(none)
    expect(problemOf(located({ left: 'c', right: 'a', curve: 'validation-loss' }, curved))).toBe(none)
  })
})

describe('where sides are looked for', () => {
  const elsewhere = foundTrial({
    label: 'a',
    seed: 9,
    record: { digests: { training: 'x', test: 'x' }, trainHash: 'x' },
  })

  test('is the first group that has both', () => {
    const groups = described([elsewhere, ...a, ...b])
    expect(groups).toHaveLength(2)
    expect(located({ metric: 'per' }, groups).variants).toBe('[1,[["v1"],["v2"]]]')
    expect(located({ left: 'b', right: 0.3, metric: 'per' }, groups).variants).toBe('[1,["v2"]]')
    expect(located({ right: 0.3, metric: 'per' }, groups).variants).toBe('[0,["v1"]]')
  })

  test('is told with what there is, where none has them', () => {
    const nowhere = { left: [], right: [], over: [], variants: '', measure: '' }
    const missing = (what: string) => ({ ...nowhere, located: { problem: `no group has ${what}` } })
    expect(located({ right: 'x', metric: 'per' }, three)).toEqual(missing('both variants; available: a, b, c'))
    expect(located({ left: 'x', metric: 'per' }, three)).toEqual(missing('both variants; available: a, b, c'))
    expect(located({ left: 'x', right: 0.5, metric: 'per' }, three)).toEqual(missing('the variant; available: a, b, c'))
    expect(located({ metric: 'per' }, [])).toEqual(missing('both variants; available: none'))
    const { located: found, ...rest } = located({ left: { cell: 'a' }, right: 'a', metric: 'per' }, three)
    expect([found, rest]).toEqual([{ problem: 'both sides have variants in common' }, nowhere])
  })
})

describe('a side and a figure', () => {
  test('are compared within what the metric less the figure can be', () => {
    const found = located({ right: 0.1, metric: 'per' }, three)
    expect([found.left, found.right, found.over]).toEqual([['a'], [], []])
    const { range, between, family, seeds, averaged, swapped, overExamples, pair } = sidesOf(found)
    expect([family, seeds, averaged, swapped, overExamples]).toEqual([1, [3, 0], '', false, true])
    // PER is 0.2 on average, and never below 0.
    expect(between.estimate).toBeCloseTo(0.1, 12)
    expect(range).toEqual([-0.1, Number.POSITIVE_INFINITY])
    // 0.1 ± 4.303 · 0.1 / sqrt(3) is -0.15 to 0.35.
    expect(pair.interval).toEqual({ low: -0.1, high: expect.closeTo(0.1 + 0.4302653 / Math.sqrt(3), 6) })
  })

  test('are averaged over all settings of the side', () => {
    const sized = [32, 64].flatMap((hidden) =>
      [1, 2].map((seed) => sizedTrial(hidden, seed, { errors: [seed, seed], variant: { cell: 'gru', hidden } })),
    )
    const found = located({ left: { cell: 'gru' }, right: 0.1, metric: 'per' }, described(sized))
    expect(found.left).toEqual(['hidden=32', 'hidden=64'])
    expect(sidesOf(found).averaged).toBe('averaged over 2 variants, seed by seed')
    expect(sidesOf(found).between.estimate).toBeCloseTo(0.05, 12)
  })

  test('may be about a curve; what is missing is said', () => {
    const curved = described([
      ...[1, 3].map((loss, at) => foundTrial({ label: 'a', seed: at + 1, lines: lines({ 10: loss }) })),
      foundTrial({ label: 'b' }),
    ])
    const { title, between, overExamples, range } = sidesOf(
      located({ right: 5, curve: 'validation-loss', at: 10 }, curved),
    )
    expect([title, between.estimate, between.exampleVariance, overExamples]).toEqual([
      'validation loss at step 10',
      -3,
      0,
      false,
    ])
    expect(range).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
    expect(located({ left: 'b', right: 5, curve: 'validation-loss' }, curved)).toMatchObject({
      ...{ left: ['b'], right: [], located: { problem: 'seed 1 of b has no validation loss' } },
    })
    expect(problemOf(located({ right: 5, metric: 'wer' }, three))).toBe('no trial has a test wer; available: per')
    expect(
      located({ right: 5, metric: 'per' }, described([...b, foundTrial({ label: 'a', ...failed })])),
    ).toMatchObject({
      located: { problem: 'no seed has finished under every setting that a side is averaged over' },
    })
  })
})

describe('averaged sides', () => {
  const paths = { size: 'model.encoder.hidden', batch: 'train.batchSize' }
  const cell = (size: number, batchSize: number, seed: number, more: FoundOptions = {}) =>
    sizedTrial(
      size,
      seed,
      { label: `${size}/${batchSize}`, variant: { [paths.size]: size, [paths.batch]: batchSize }, ...more },
      { batchSize },
    )
  const grid = [32, 64].flatMap((size) =>
    [8, 16].flatMap((batchSize) =>
      [1, 2].map((seed) => {
        const level = size / 32 + seed
        return cell(size, batchSize, seed, {
          errors: [level, level],
          lines: lines({ 10: level, 20: level + batchSize }),
        })
      }),
    ),
  )
  const sides = { left: { [paths.size]: 32 }, right: { [paths.size]: 64 } }

  test('are told with what they are averaged over', () => {
    const found = located({ ...sides, metric: 'per' }, described(grid))
    expect([found.left, found.right]).toEqual([
      ['32/8', '32/16'],
      ['64/8', '64/16'],
    ])
    expect(found.over).toEqual([{ path: 'train.batchSize', values: ['8', '16'] }])
    const { averaged, between, seeds, title, unit, better, range, overExamples, swapped, family, pair } = sidesOf(found)
    expect([averaged, seeds, title, unit, better]).toEqual([
      ...['averaged over train.batchSize (8, 16), seed by seed', [2, 2], 'PER', 'percent', 'lower'],
    ])
    expect([overExamples, swapped, family, pair.left, pair.right]).toEqual([true, false, 1, 'left', 'right'])
    expect(range).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
    expect(between.estimate).toBeCloseTo(-0.1, 12)
  })

  test('may be a single variant against several; none may be on both sides', () => {
    const found = located({ left: '32/8', right: sides.right, metric: 'per' }, described(grid))
    expect([found.left, found.right]).toEqual([['32/8'], ['64/8', '64/16']])
    expect(sidesOf(found).averaged).toBe('averaged over the variants of a side, seed by seed')
    const turned = located({ left: sides.right, right: '32/8', metric: 'per' }, described(grid))
    expect([turned.left, turned.right]).toEqual([['64/8', '64/16'], ['32/8']])
    const common = 'both sides have variants in common'
    expect(problemOf(located({ left: sides.left, right: { [paths.batch]: 8 }, metric: 'per' }, described(grid)))).toBe(
      common,
    )
    expect(problemOf(located({ left: sides.left, right: '32/16', metric: 'per' }, described(grid)))).toBe(common)
  })

  test('are averages of single seeds too', () => {
    const first = grid.filter(({ record }) => record.seed === 1)
    expect(sidesOf(located({ ...sides, metric: 'per' }, described(first)))).toMatchObject({
      ...{ seeds: [1, 1], averaged: 'averaged over train.batchSize (8, 16), seed by seed' },
    })
  })

  test('of a curve are over seeds alone; a variant that lacks it is a reason', () => {
    const found = sidesOf(located({ ...sides, curve: 'validation-loss' }, described(grid)))
    expect(found).toMatchObject({
      ...{ title: 'mean validation loss over steps 10 to 20', unit: 'nats', better: 'lower', overExamples: false },
      ...{ seeds: [2, 2], range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] },
      between: { estimate: -1, exampleVariance: 0 },
    })
    const lacking = grid.map((trial) =>
      trial.record.label === '64/16' && trial.record.seed === 2 ? cell(64, 16, 2) : trial,
    )
    expect(problemOf(located({ ...sides, curve: 'validation-loss' }, described(lacking)))).toBe(
      'seed 2 of 64/16 has no validation loss',
    )
    // Another level that lacks it is no reason: it is no part of the family.
    const others = [...grid, ...[8, 16].flatMap((batchSize) => [1, 2].map((seed) => cell(128, batchSize, seed)))]
    expect(sidesOf(located({ ...sides, curve: 'validation-loss' }, described(others))).family).toBe(1)
    expect(sidesOf(located({ ...sides, metric: 'per' }, described(others))).family).toBe(3)
  })

  test('leave out variants that have not finished, and single ones that are no pair', () => {
    const unfinished = grid.map((trial) =>
      trial.record.label === '64/16' ? cell(64, 16, trial.record.seed, failed) : trial,
    )
    for (const measured of [{ metric: 'per' }, { curve: 'validation-loss' }]) {
      const found = located({ ...sides, ...measured }, described(unfinished))
      expect([found.left, found.right, found.over]).toEqual([['32/8'], ['64/8'], []])
      expect(sidesOf(found).averaged).toBe('without 32/16, which only one side has')
    }
    const apart = grid.filter(({ record }) => ['32/8', '64/16'].includes(record.label))
    expect(located({ ...sides, metric: 'per' }, described(apart))).toMatchObject({
      ...{ left: ['32/8'], right: ['64/16'], over: [] },
      located: { problem: 'no setting that neither side names has finished trials on both sides' },
    })
    expect(problemOf(located({ ...sides, metric: 'wer' }, described(grid)))).toBe(
      'no trial has a test wer; available: per',
    )
    const nothing = {
      per: statisticsTable([
        [0, 0],
        [0, 0],
      ]),
    }
    const undefinedOne = grid.map((trial) => (trial === grid[0] ? { ...trial, statistics: nothing } : trial))
    expect(problemOf(located({ ...sides, metric: 'per' }, described(undefinedOne)))).toBe(
      'undefined for seed 1: the references have no phonemes',
    )
  })
})
