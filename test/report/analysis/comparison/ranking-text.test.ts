import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../../src/core/measured.js'
import { rankingOf } from '../../../../src/report/analysis/comparison/ranking.js'
import { rankingText } from '../../../../src/report/analysis/comparison/ranking-text.js'
import { inOrder, type RankedOptions, ranked } from './ranked.js'

// Values of a, b, c, ... are 10, 20, 30 % and so on; variants are called by their capital letters.

function textOf(ids: string, apart: readonly string[], more: RankedOptions & { means?: Record<string, number> } = {}) {
  const of = ranked(more.means ?? inOrder(ids), apart, more)
  const variants = [...ids].map((id) => ({ id, label: id.toUpperCase() }))
  return rankingText(rankingOf(of), of, variants)
}
/** Every pair with one of some variants and one of others, which are ahead. */
const ahead = (better: string, worse: string) => [...better].flatMap((one) => [...worse].map((other) => one + other))

describe('what is said of a tier', () => {
  it('is nothing where fewer than two variants are ranked', () => {
    expect(textOf('', [])).toEqual([])
    expect(textOf('a', [])).toEqual([])
    expect(textOf('ab', ['ab'])).toEqual(['A: PER 10.0 %; ahead of B (20.0 %).'])
  })

  it('has the pairs that could not be tested', () => {
    expect(textOf('abc', [], { untested: ['bc'] })).toEqual([
      'A, B and C: PER 10.0 to 30.0 %, no significant difference between any two (1 pair not testable).',
    ])
    expect(textOf('abc', [], { untested: ['ab', 'bc'] })).toEqual([
      'A, B and C: PER 10.0 to 30.0 %, no significant difference between any two (2 pairs not testable).',
    ])
    expect(textOf('abc', ['ac'], { untested: ['ab'] })).toEqual([
      'A, B and C: PER 10.0 to 30.0 %, A is ahead of C, the other pairs do not differ significantly (1 pair not testable).',
    ])
    expect(textOf('abc', [], { untested: ['ab', 'ac', 'bc'] })).toEqual([
      'A, B and C: PER 10.0 to 30.0 %, not testable.',
    ])
    expect(textOf('ab', [])).toEqual(['A and B: PER 10.0 to 20.0 %, no significant difference.'])
  })

  it('names one or two pairs that differ, and counts more, with what is behind the best', () => {
    expect(textOf('abcd', ['ad', 'bd'])).toEqual([
      'A, B, C and D: PER 10.0 to 40.0 %, A is ahead of D and B is ahead of D, the other pairs do not differ significantly.',
    ])
    // Of four variants there are 4 * 3 / 2 pairs.
    const all = 'A, B, C and D: PER 10.0 to 40.0 %, '
    expect(textOf('abcd', ['ac', 'ad', 'bd'])).toEqual([`${all}3 of 6 pairs differ significantly (2 are behind A).`])
    expect(textOf('abcd', ['ad', 'bd', 'bc'])).toEqual([`${all}3 of 6 pairs differ significantly (1 is behind A).`])
    expect(textOf('abcd', ['bc', 'bd', 'cd'])).toEqual([`${all}3 of 6 pairs differ significantly.`])
    expect(textOf('abcd', ['ac', 'ad', 'bd'], { untested: ['ab'] })).toEqual([
      `${all}3 of 6 pairs differ significantly (2 are behind A) (1 pair not testable).`,
    ])
  })

  it('has one value where all are written alike', () => {
    expect(textOf('ab', [], { means: { a: 0.1, b: 0.10001 } })).toEqual([
      'A and B: PER 10.0 %, no significant difference.',
    ])
  })

  it('has four names; of more variants three', () => {
    expect(textOf('abcd', [])[0]).toMatch(/^A, B, C and D: /)
    expect(textOf('abcde', [])[0]).toMatch(/^A, B, C and 2 more: /)
  })
})

describe('what is said to be below a tier', () => {
  it('are four variants with their values, of more the number and the range', () => {
    expect(textOf('abcde', ahead('a', 'bcde'))[0]).toBe(
      'A: PER 10.0 %; ahead of B (20.0 %), C (30.0 %), D (40.0 %) and E (50.0 %).',
    )
    expect(textOf('abcdef', ahead('a', 'bcdef'))[0]).toBe('A: PER 10.0 %; ahead of the 5 others (20.0 to 60.0 %).')
    expect(textOf('abc', ahead('ab', 'c'))).toEqual([
      'A and B: PER 10.0 to 20.0 %, no significant difference; all ahead of C (30.0 %).',
    ])
  })

  it('has the whole range where there are several tiers below, higher being better', () => {
    // From the top: f, then c, d and e, then a and b.
    const apart = [...ahead('abcde', 'f'), ...ahead('ab', 'cde')]
    expect(textOf('abcdef', apart, { better: 'higher' })).toEqual([
      'F: PER 60.0 %; ahead of the 5 others (10.0 to 50.0 %).',
      'E, D and C: PER 30.0 to 50.0 %, no significant difference between any two; all ahead of B (20.0 %) and A (10.0 %).',
      'B and A: PER 10.0 to 20.0 %, no significant difference.',
    ])
  })
})

describe('sentences', () => {
  /** Variants that all differ: each is a tier. */
  const chain = (ids: string) =>
    textOf(
      ids,
      [...ids].flatMap((id, at) => ahead(id, ids.slice(at + 1))),
    )

  it('are of three tiers that have something to say; the others are counted', () => {
    // The last variant by itself has nothing below it.
    expect(chain('abc')).toEqual([
      'A: PER 10.0 %; ahead of B (20.0 %) and C (30.0 %).',
      'B: PER 20.0 %; ahead of C (30.0 %).',
    ])
    expect(chain('abcd')).toHaveLength(3)
    expect(chain('abcde').slice(2)).toEqual([
      'C: PER 30.0 %; ahead of D (40.0 %) and E (50.0 %).',
      '1 further tier of variants below it: see the table.',
    ])
    expect(chain('abcdef').at(-1)).toBe('2 further tiers of variants below them: see the table.')
  })

  it('are about the trained models where any pair has one seed', () => {
    const of = ranked(inOrder('abc'), ['ac', 'bc'])
    const [first, ...others] = of.pairs
    if (first === undefined) throw new Error('three pairs')
    const pairs = [{ ...first, seedVariance: undefinedBecause('a variant has one seed') }, ...others]
    const variants = [{ id: 'a', label: 'A' }]
    // A variant without a label goes by its id.
    expect(rankingText(rankingOf(of), { ...of, pairs }, variants)).toEqual([
      'A and b: PER 10.0 to 20.0 %, no significant difference; all ahead of c (30.0 %) (these trained models only).',
    ])
  })
})
