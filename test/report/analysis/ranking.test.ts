import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { rankingOf } from '../../../src/report/analysis/comparison/ranking.js'
import { rankingText } from '../../../src/report/analysis/comparison/ranking-text.js'
import type { MetricComparison, Pair } from '../../../src/report/analysis/comparison/types.js'

// Decisions and tiers by hand: which pairs differ significantly is given, and what follows from it is checked.

type Compared = Pick<MetricComparison, 'values' | 'pairs' | 'better' | 'title' | 'unit'>

/** Variants with their means; `apart` are the pairs that differ significantly, written `ab`; `untested` have no test. */
function compared(
  means: Readonly<Record<string, number | null>>,
  apart: readonly string[],
  more: { better?: 'lower' | 'higher'; untested?: readonly string[]; oneSeed?: boolean } = {},
): Compared {
  const ids = Object.keys(means)
  const values = ids.map((variant) => {
    const value = means[variant] ?? null
    const mean = value === null ? undefinedBecause('no token') : { value, interval: undefinedBecause('made up') }
    const none = undefinedBecause('made up')
    return { variant, seeds: [1], perSeed: [0], mean, seedDeviation: none, dev: none }
  })
  const pairs = ids.flatMap((left, at) =>
    ids.slice(at + 1).map((right): Pair => {
      const isTested = !(more.untested ?? []).includes(left + right)
      const none = undefinedBecause('no variance was observed')
      return {
        ...{ left, right, paired: 0, level: 0.95, exampleVariance: 1, degreesOfFreedom: 4, effectSize: 1 },
        difference: (means[left] ?? 0) - (means[right] ?? 0),
        interval: { low: 0, high: 0 },
        p: isTested ? 0.5 : none,
        adjustedP: 0.5,
        significant: apart.includes(left + right),
        seedVariance: more.oneSeed === true ? none : 1,
      }
    }),
  )
  return { values, pairs, better: more.better ?? 'lower', title: 'PER', unit: 'percent' }
}

const tiersOf = (of: Compared) => rankingOf(of).tiers.map(({ variants }) => variants.join(''))
const textOf = (of: Compared) =>
  rankingText(
    rankingOf(of),
    of,
    of.values.map(({ variant: id }) => ({ id, label: id })),
  )

describe('tiers of variants', () => {
  it('end where everything above is significantly better than everything below', () => {
    const of = compared({ d: 0.49, a: 0.3, c: 0.33, b: 0.31, e: 0.53 }, ['da', 'dc', 'db', 'ae', 'ce', 'be', 'de'])
    expect(tiersOf(of)).toEqual(['abc', 'd', 'e'])
    expect(rankingOf(of).tiers[0]).toEqual({
      variants: ['a', 'b', 'c'],
      lowest: 0.3,
      highest: 0.33,
      apart: [],
      untested: 0,
    })
    expect(textOf(of)).toEqual([
      'a, b and c: PER 30.0 to 33.0 %, no significant difference between any two; all ahead of d (49.0 %) and e (53.0 %).',
      'd: PER 49.0 %; ahead of e (53.0 %).',
    ])
  })

  it('do not end where one of the tests across is open: what is not decided is not said', () => {
    const chain = compared({ a: 0.1, b: 0.2, c: 0.3 }, ['ac'])
    expect(tiersOf(chain)).toEqual(['abc'])
    expect(rankingOf(chain).tiers[0]?.apart).toEqual([['a', 'c']])
    expect(textOf(chain)).toEqual([
      'a, b and c: PER 10.0 to 30.0 %, a is ahead of c, the other pairs do not differ significantly.',
    ])
  })

  it('follow the better direction, and the sign of the difference that was tested', () => {
    const higher = compared({ a: 0.1, b: 0.2 }, ['ab'], { better: 'higher' })
    expect(tiersOf(higher)).toEqual(['b', 'a'])
    // Paired over shared models, the difference may have another sign than that of the means: no order is claimed.
    const of = compared({ a: 0.1, b: 0.2 }, ['ab'])
    const paired = { ...of, pairs: of.pairs.map((pair) => ({ ...pair, difference: 0.05 })) }
    expect(tiersOf(paired)).toEqual(['ab'])
    expect(rankingOf(paired).tiers[0]?.apart).toEqual([['b', 'a']])
  })

  it('have no variant without a value, and count what could not be tested', () => {
    const of = compared({ a: 0.1, x: null, b: 0.1, c: 0.3 }, ['ac'], { untested: ['ab'] })
    expect(rankingOf(of).tiers).toMatchObject([{ variants: ['a', 'b', 'c'], untested: 1 }])
    expect(textOf(compared({ a: 0.1, b: 0.1 }, [], { untested: ['ab'] }))).toEqual([
      'a and b: PER 10.0 %, not testable.',
    ])
    expect(textOf(compared({ a: 0.1, x: null }, []))).toEqual([])
    expect(tiersOf(compared({}, []))).toEqual([])
  })

  it('are about the trained models alone where there is one seed', () => {
    expect(textOf(compared({ a: 0.1, b: 0.2 }, ['ab'], { oneSeed: true }))).toEqual([
      'a: PER 10.0 %; ahead of b (20.0 %) (these trained models only).',
    ])
  })

  it('name four variants at most', () => {
    const means = Object.fromEntries([...'abcdefghij'].map((id, at) => [id, at / 100]))
    const of = compared(
      means,
      [...'bcdefghij'].map((id) => `a${id}`),
    )
    expect(textOf(of)).toEqual([
      'a: PER 0.0 %; ahead of the 9 others (1.0 to 9.0 %).',
      'b, c, d and 6 more: PER 1.0 to 9.0 %, no significant difference between any two.',
    ])
  })
})

describe('letters', () => {
  it('are shared just by variants that do not differ significantly', () => {
    // a~b, b~c, a and c apart; d is apart from all.
    const of = compared({ a: 1, b: 2, c: 3, d: 4 }, ['ac', 'ad', 'bd', 'cd'])
    expect(rankingOf(of).letters).toEqual({ a: 'a', b: 'ab', c: 'b', d: 'c' })
  })

  it('hold for any decisions, also such as no order has', () => {
    const ids = [...'abcdef']
    const all = ids.flatMap((left, at) => ids.slice(at + 1).map((right) => left + right))
    for (let seed = 0; seed < 60; seed++) {
      const apart = all.filter((_, at) => ((seed * 2654435761 + at * 40503) >>> 7) % 3 === 0)
      const { letters } = rankingOf(compared(Object.fromEntries(ids.map((id, at) => [id, at])), apart))
      for (const pair of all) {
        const [left = '', right = ''] = [...pair].map((id) => letters[id] ?? '')
        expect([...left].some((letter) => right.includes(letter))).toBe(!apart.includes(pair))
      }
    }
  })

  it('are none where variants are too many', () => {
    const means = Object.fromEntries(Array.from({ length: 61 }, (_, at) => [`v${at}`, at]))
    expect(rankingOf(compared(means, [])).letters).toEqual({})
  })
})
