import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { answer } from '../../../src/report/analysis/comparison/answer.js'
import type { MetricComparison, Pair } from '../../../src/report/analysis/comparison/types.js'
import type { VariantTrials } from '../../../src/report/analysis/comparison/variants.js'

// Variants are a, b, c, ... with test values 1, 2, 3, ... of a metric in plain numbers; dev values are given.
const ids = 'abcdefgh'.split('')
const trials = (seeds: number) => Array<VariantTrials['completed'][number]>(seeds)
const variant = (id: string, seeds: number): VariantTrials => ({
  ...{ id, label: id.toUpperCase(), settings: {}, unfinished: [] },
  completed: trials(seeds),
})
const oneSeed = undefinedBecause('a variant has one seed')

function pair(left: string, right: string, low: number, high: number, more: Partial<Pair> = {}): Pair {
  return {
    ...{
      left,
      right,
      paired: 0,
      difference: (low + high) / 2,
      interval: { low, high },
      level: 0.95,
      p: 0.01,
      adjustedP: 0.01,
    },
    ...{ significant: low > 0 || high < 0, effectSize: 1, seedVariance: 1, exampleVariance: 1, degreesOfFreedom: 4 },
    ...more,
  }
}

interface Case {
  readonly better?: 'lower' | 'higher'
  /** Dev values of a, b, ...; an undefined one has the reason `no dev`. */
  readonly dev: readonly (number | undefined)[]
  readonly best?: string | null
  readonly pairs: readonly Pair[]
  readonly seeds?: readonly number[]
  readonly unit?: MetricComparison['unit']
  readonly undefinedMeans?: readonly string[]
}

function sentences({
  better = 'lower',
  dev,
  best = 'a',
  pairs,
  seeds = [],
  unit = 'number',
  undefinedMeans = [],
}: Case) {
  const variants = dev.map((_, at) => variant(ids[at] ?? '', seeds[at] ?? 3))
  const values = variants.map(({ id }, at) => ({
    ...{ variant: id, seeds: [1], perSeed: [at + 1], seedDeviation: oneSeed },
    mean: undefinedMeans.includes(id)
      ? undefinedBecause(`no token (${id < 'c' ? 'first' : 'second'})`)
      : { value: at + 1, interval: undefinedBecause('made up') },
    dev: dev[at] ?? undefinedBecause('no dev'),
  }))
  const compared = { name: 'mae', title: 'MAE', unit, better, best, values, pairs: [...pairs] }
  return answer(compared, variants, { examples: 1200, seedWord: 'seed' })
}

describe('the answer for two variants', () => {
  it('names the better one, by how much, whichever is left', () => {
    const expected = ['A has a lower MAE than B by 2 (95 % interval 1 to 3; 3 seeds).']
    expect(sentences({ dev: [1, 2], pairs: [pair('a', 'b', -3, -1)] })).toEqual(expected)
    expect(sentences({ dev: [1, 2], pairs: [pair('b', 'a', 1, 3)] })).toEqual(expected)
    const higher = ['A has a higher MAE than B by 2 (95 % interval 1 to 3; 3 seeds).']
    expect(sentences({ better: 'higher', dev: [2, 1], pairs: [pair('a', 'b', 1, 3)] })).toEqual(higher)
    expect(sentences({ better: 'higher', dev: [2, 1], pairs: [pair('b', 'a', -3, -1)] })).toEqual(higher)
  })

  it('says that the best on dev is not the best on test', () => {
    const expected = [
      'Although A is best on dev, B has a lower MAE than A by 2 (95 % interval 1 to 3; 3 seeds) on test.',
    ]
    expect(sentences({ dev: [1, 2], pairs: [pair('a', 'b', 1, 3)] })).toEqual(expected)
    expect(sentences({ dev: [1, 2], pairs: [pair('b', 'a', -3, -1)] })).toEqual(expected)
  })

  it('has the interval as seen from the best where nothing is significant, and points for percent', () => {
    const open = (low: number, high: number, left = 'a', right = 'b') =>
      sentences({ dev: [1, 2], unit: 'percent', pairs: [pair(left, right, low, high, { significant: false })] })
    // Gains of A over B: what B has more than A.
    expect(open(-0.03, 0.01)).toEqual(['No significant difference in MAE between A and B (-1.0 to 3.0 points).'])
    expect(open(-0.03, 0.01, 'b', 'a')).toEqual([
      'No significant difference in MAE between A and B (-3.0 to 1.0 points).',
    ])
  })

  it('says how many seeds each side has, and that pairs are pairs', () => {
    const uneven = sentences({ dev: [1, 2], seeds: [3, 5], pairs: [pair('a', 'b', -3, -1)] })
    expect(uneven).toEqual(['A has a lower MAE than B by 2 (95 % interval 1 to 3; 3 and 5 seeds).'])
    const shown = sentences({ dev: [1, 2], pairs: [pair('a', 'b', -3, -1, { paired: 3 })] })
    expect(shown).toEqual(['A has a lower MAE than B by 2 (95 % interval 1 to 3; paired over 3 seeds).'])
    const open = sentences({ dev: [1, 2], pairs: [pair('a', 'b', -3, 1, { paired: 3 })] })
    expect(open).toEqual(['No significant difference in MAE between A and B (-1 to 3; paired over 3 seeds).'])
    const one = { paired: 1 }
    expect(sentences({ dev: [1, 2], pairs: [pair('a', 'b', -3, -1, one)] })[0]).toContain('; paired over 1 seed)')
    expect(sentences({ dev: [1, 2], pairs: [pair('a', 'b', -3, 1, one)] })[0]).toContain('; paired over 1 seed)')
  })

  it('has differences below 1, as those of shares are', () => {
    expect(sentences({ dev: [1, 2], pairs: [pair('a', 'b', -0.3, -0.1)] })).toEqual([
      'A has a lower MAE than B by 0.2 (95 % interval 0.1 to 0.3; 3 seeds).',
    ])
    expect(sentences({ dev: [1, 2], pairs: [pair('a', 'b', 0.1, 0.3)] })).toEqual([
      'Although A is best on dev, B has a lower MAE than A by 0.2 (95 % interval 0.1 to 0.3; 3 seeds) on test.',
    ])
  })

  it('concludes nothing about training runs from one seed', () => {
    const single = { seedVariance: oneSeed }
    expect(sentences({ dev: [1, 2], seeds: [1, 1], pairs: [pair('a', 'b', -3, -1, single)] })).toEqual([
      'With one seed per variant, nothing can be concluded about training runs, only about these two trained models on examples like these 1,200.',
      'A has a lower MAE than B (these two trained models) by 2 (95 % interval 1 to 3; 1,200 examples).',
    ])
    expect(sentences({ dev: [1, 2], seeds: [1, 1], pairs: [pair('a', 'b', -3, 1, single)] })[1]).toBe(
      'No significant difference in MAE between A and B (these two trained models) (-1 to 3).',
    )
    const some = sentences({
      ...{ dev: [1, 2, 3], seeds: [3, 1, 3] },
      pairs: [pair('a', 'b', -3, -1, single), pair('a', 'c', -3, -1), pair('b', 'c', -3, -1, single)],
    })
    expect(some).toEqual([
      'Where a variant has one seed, nothing can be concluded about training runs, only about these trained models on examples like these 1,200.',
      'A has a lower MAE than B (these trained models) by 2 (95 % interval 1 to 3, corrected for 3 pairs; 1,200 examples).',
      'A has a lower MAE than C by 2 (95 % interval 1 to 3, corrected for 3 pairs; 3 seeds).',
    ])
  })

  it('cannot compare without variance, but knows equal values of the same models', () => {
    const none = undefinedBecause('no variance was observed')
    const constant = (difference: number, paired: number) =>
      sentences({
        dev: [1, 2],
        pairs: [pair('b', 'a', 0, 0, { interval: none, difference, paired, significant: false })],
      })
    const cannot = ['A and B cannot be compared: no variance was observed in their MAE.']
    expect(constant(0, 0)).toEqual(cannot)
    expect(constant(1, 3)).toEqual(cannot)
    expect(constant(0, 3)).toEqual(['A and B have equal MAE for every one of the 3 trained models that they share.'])
    expect(constant(0, 1)).toEqual(['A and B have equal MAE for every one of the 1 trained model that they share.'])
  })
})

describe('the answer for several variants', () => {
  const others = (number: number) => ids.slice(1, number + 1)
  const first = (all: readonly string[]) => all.map((sentence) => /(?:than|and) ([A-H])/.exec(sentence)?.[1])

  it('begins with the closest on dev, lower or higher being better; those without a dev value last', () => {
    const pairs = others(3).map((id) => pair('a', id, -3, -1))
    expect(first(sentences({ dev: [1, 4, undefined, 2], pairs }))).toEqual(['D', 'B', 'C'])
    const higher = others(3).map((id) => pair('a', id, 1, 3))
    expect(first(sentences({ better: 'higher', dev: [9, 2, undefined, 4], pairs: higher }))).toEqual(['D', 'B', 'C'])
  })

  it('finds the pair of the two, whichever is left, among others, and says nothing of a missing one', () => {
    const pairs = [pair('c', 'b', -9, -8), pair('b', 'a', 1, 3), pair('d', 'c', 4, 5)]
    expect(sentences({ dev: [1, 2, 3, 4], pairs })).toEqual([
      'A has a lower MAE than B by 2 (95 % interval 1 to 3; 3 seeds).',
    ])
  })

  it('names four others, and counts what is beyond three of more', () => {
    const four = sentences({ dev: [1, 2, 3, 4, 5], pairs: others(4).map((id) => pair('a', id, -3, -1)) })
    expect(first(four)).toEqual(['B', 'C', 'D', 'E'])
    expect(four[0]).toContain('corrected for 10 pairs')
    const five = sentences({
      dev: [1, 2, 3, 4, 5, 6],
      pairs: others(5).map((id) => pair('a', id, id === 'f' ? 1 : -3, id === 'f' ? 3 : -1)),
    })
    expect(five).toHaveLength(4)
    expect(five[3]).toBe('Of 2 further variants, 1 has a higher MAE than A; 1 has a lower MAE than A on test.')
  })

  it('agrees in number where variants are counted, and says lower where higher is better', () => {
    const counts = (gains: readonly (readonly [number, number])[], better: 'lower' | 'higher' = 'lower') =>
      sentences({
        ...{ better, dev: [2, 2, 2, 2, ...gains.map(() => (better === 'lower' ? 3 : 1))] },
        pairs: [
          ...['b', 'c', 'd'].map((id) => pair('a', id, -3, -1)),
          ...gains.map(([low, high], at) => pair('a', ids[4 + at] ?? '', low, high)),
        ],
      }).at(-1)
    const [gain, loss, open] = [
      [-3, -1],
      [1, 3],
      [-1, 1],
    ] as const
    expect(counts([gain, gain])).toBe('Of 2 further variants, 2 have a higher MAE than A.')
    expect(counts([loss, loss])).toBe('Of 2 further variants, 2 have a lower MAE than A on test.')
    const small = [
      [-0.3, -0.1],
      [0.1, 0.3],
      [-0.1, 0.2],
    ] as const
    expect(counts(small)).toBe(
      'Of 3 further variants, 1 has a higher MAE than A; 1 has a lower MAE than A on test; 1 does not differ significantly from it.',
    )
    expect(counts([open, open])).toBe('Of 2 further variants, 2 do not differ significantly from it.')
    expect(counts([open, gain, gain])).toBe(
      'Of 3 further variants, 2 have a higher MAE than A; 1 does not differ significantly from it.',
    )
    expect(counts([loss, gain, gain], 'higher')).toBe(
      'Of 3 further variants, 1 has a lower MAE than A; 2 have a higher MAE than A on test.',
    )
  })

  it('warns of one seed among those that are only counted', () => {
    const pairs = others(5).map((id) => pair('a', id, -3, -1, id === 'f' ? { seedVariance: oneSeed } : {}))
    const all = sentences({ dev: [1, 2, 3, 4, 5, 6], pairs })
    expect(all[0]).toMatch(/^Where a variant has one seed, /)
    expect(all.at(-1)).toBe('Of 2 further variants (these trained models), 2 have a higher MAE than A.')
  })
})

describe('the answer where values are undefined', () => {
  it('has each reason once, with the variants that have it', () => {
    const undefinedMeans = ['a', 'b', 'c', 'd']
    expect(
      sentences({ dev: [undefined, undefined, undefined, undefined], best: null, pairs: [], undefinedMeans }),
    ).toEqual([
      'No variant has a dev MAE, so none is selected.',
      'The MAE of A and B is undefined: no token (first).',
      'The MAE of C and D is undefined: no token (second).',
    ])
    expect(sentences({ dev: [1, 2, undefined], pairs: [pair('a', 'b', -3, -1)], undefinedMeans: ['c'] })).toEqual([
      'A has a lower MAE than B by 2 (95 % interval 1 to 3; 3 seeds).',
      'The MAE of C is undefined: no token (second).',
    ])
  })

  it('says of the only variant what it has, and why it has none', () => {
    expect(sentences({ dev: [1], pairs: [] })).toEqual([
      'A has an MAE of 1 (3 seeds); there is no other variant to compare it with.',
    ])
    expect(sentences({ dev: [1], pairs: [], undefinedMeans: ['a'] })).toEqual([
      'The MAE of A is undefined: no token (first) (3 seeds); there is no other variant to compare it with.',
    ])
  })
})
