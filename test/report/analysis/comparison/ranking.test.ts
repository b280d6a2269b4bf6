import { describe, expect, it } from 'vitest'
import { rankingOf } from '../../../../src/report/analysis/comparison/ranking.js'
import { inOrder, ranked } from './ranked.js'

// Which pairs differ significantly is given; letters follow from it by hand.

const lettersOf = (ids: string, apart: readonly string[]) => rankingOf(ranked(inOrder(ids), apart)).letters
/** All pairs of some variants, the better one first. */
const pairsOf = (ids: string) => [...ids].flatMap((left, at) => [...ids].slice(at + 1).map((right) => left + right))

describe('letters of variants', () => {
  it('begin with two variants: of a single one there is nothing to tell apart', () => {
    expect(lettersOf('', [])).toEqual({})
    expect(lettersOf('a', [])).toEqual({})
    expect(lettersOf('ab', [])).toEqual({ a: 'a', b: 'a' })
    expect(lettersOf('ab', ['ab'])).toEqual({ a: 'a', b: 'b' })
  })

  it('are for up to sixty variants', () => {
    const of = (number: number) => Object.fromEntries(Array.from({ length: number }, (_, at) => [`v${at}`, at]))
    expect(new Set(Object.values(rankingOf(ranked(of(60), [])).letters))).toEqual(new Set(['a']))
    expect(rankingOf(ranked(of(61), [])).letters).toEqual({})
  })

  it('are twelve at most: more tell a reader nothing', () => {
    // Where all variants differ each has a letter of its own.
    const twelve = 'abcdefghijkl'
    expect(lettersOf(twelve, pairsOf(twelve))).toEqual(Object.fromEntries([...twelve].map((id) => [id, id])))
    expect(lettersOf(`${twelve}m`, pairsOf(`${twelve}m`))).toEqual({})
  })

  it('are in the order of the best variant that has each, then of the next', () => {
    // b differs from both others, which are alike: ac, b.
    expect(lettersOf('abc', ['ab', 'bc'])).toEqual({ a: 'a', c: 'a', b: 'b' })
    // Alike are a~b, a~d, b~c, c~d: the columns ab, ad, bc, cd, in this order of places.
    expect(lettersOf('abcd', ['ac', 'bd'])).toEqual({ a: 'ab', b: 'ac', c: 'cd', d: 'bd' })
    // Alike are a~c, b~c, b~d: ac, bc, bd.
    expect(lettersOf('abcd', ['ab', 'ad', 'cd'])).toEqual({ a: 'a', c: 'ab', b: 'bc', d: 'c' })
  })

  it('are one for all that are alike, not one for each part of them', () => {
    // a differs from all others, which are alike: a, and bcd.
    expect(lettersOf('abcd', ['ab', 'ac', 'ad'])).toEqual({ a: 'a', b: 'b', c: 'b', d: 'b' })
    // e differs from all others.
    expect(lettersOf('abcde', ['ae', 'be', 'ce', 'de'])).toEqual({ a: 'a', b: 'a', c: 'a', d: 'a', e: 'b' })
  })
})

describe('tiers', () => {
  it('have as ahead the variant with the better value, lower or higher', () => {
    // a~b~c, but a and c differ: one tier, in which the lower value is ahead, or the higher one.
    const apartOf = (better: 'lower' | 'higher') => rankingOf(ranked(inOrder('abc'), ['ac'], { better })).tiers
    expect(apartOf('lower')).toEqual([
      { variants: ['a', 'b', 'c'], lowest: 0.1, highest: 0.3, apart: [['a', 'c']], untested: 0 },
    ])
    expect(apartOf('higher')).toEqual([
      { variants: ['c', 'b', 'a'], lowest: 0.1, highest: 0.3, apart: [['c', 'a']], untested: 0 },
    ])
  })

  it('have equal means in the order of the variants', () => {
    for (const better of ['lower', 'higher'] as const)
      expect(rankingOf(ranked({ a: 0.1, b: 0.1, c: 0.1 }, [], { better })).tiers[0]?.variants).toEqual(['a', 'b', 'c'])
  })

  it('count their own pairs alone', () => {
    // a and b are both ahead of c and d; cd was not tested, bc was.
    const of = ranked(inOrder('abcd'), ['ac', 'ad', 'bc', 'bd'], { untested: ['cd'] })
    expect(rankingOf(of).tiers).toEqual([
      { variants: ['a', 'b'], lowest: 0.1, highest: 0.2, apart: [], untested: 0 },
      { variants: ['c', 'd'], lowest: 0.3, highest: 0.4, apart: [], untested: 1 },
    ])
  })
})
