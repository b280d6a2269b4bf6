import { describe, expect, test } from 'vitest'
import { plannedTest } from '../../../../src/report/analysis/planning/family.js'
import type { PlannedVariant } from '../../../../src/report/analysis/planning/variants.js'
import type { Claim } from '../../../../src/spec/types.js'
import { withEncoder } from '../../../spec/plan/resolved.js'

const [cell, hidden] = ['model.encoder.cell', 'model.encoder.hidden']

/** A variant of some trained models, of a grid over cell and size. */
function planned(label: string, trials: readonly string[], group = 'data'): PlannedVariant {
  const [type = '', size = ''] = label.split(' ')
  const spec = withEncoder({ cell: { type }, hidden: Number(size) })
  return { label, trials, group, spec, variant: { [cell]: type, [hidden]: Number(size) } }
}
const models = (label: string, count: number) => Array.from({ length: count }, (_, at) => `${label}, seed ${at + 1}`)
const grid = ['gru', 'lstm', 'elman'].flatMap((type) =>
  [3, 4].map((size) => planned(`${type} ${size}`, models(`${type} ${size}`, 3))),
)
const claim = (more: Partial<Claim>): Claim => ({
  ...{ left: 'gru 3', right: 'elman 3', metric: 'slot-f1', relation: 'better' },
  ...more,
})
const of = (more: Partial<Claim>, variants: readonly PlannedVariant[] = grid) => {
  const one = claim(more)
  return plannedTest(one, [one], variants)
}
const gru = { [cell]: 'gru' }
const elman = { [cell]: 'elman' }

describe('two single variants', () => {
  test('are one of all pairs of their data, with the seeds that both have', () => {
    expect(of({})).toEqual({ settings: 1, seeds: 3, paired: false, figure: false, family: 15 })
    // Of 3, 2 and 5 seeds.
    const uneven = [
      planned('gru 3', models('a', 3)),
      planned('lstm 3', models('b', 2)),
      planned('elman 3', models('c', 5)),
    ]
    expect(of({}, uneven)).toMatchObject({ seeds: 3, family: 3 })
    expect(of({ right: 'lstm 3' }, uneven)).toMatchObject({ seeds: 2, family: 3 })
    // Variants on other data are no part of the family.
    const elsewhere = planned('lstm 3', models('b', 3), 'other data')
    expect(of({}, [elsewhere, ...uneven.filter(({ label }) => label !== 'lstm 3')])).toMatchObject({ family: 1 })
  })

  test('are so too where settings name them', () => {
    // The only gru and the only elman: six pairs of four variants, not the three pairs of cells.
    const four = grid.filter(({ label }) => label !== 'gru 4' && label !== 'elman 4')
    expect(of({ left: gru, right: elman }, four)).toMatchObject({ settings: 1, family: 6 })
  })

  test('are paired where they share at least two trained models', () => {
    const searched = (...shared: readonly string[]) =>
      of({}, [planned('gru 3', ['m1', 'm2', 'm3']), planned('elman 3', [...shared, 'm8'])])?.paired
    expect([searched(), searched('m1'), searched('m1', 'm3')]).toEqual([false, false, true])
  })

  test('have no test where one of them is not planned, or on other data', () => {
    expect(of({ left: 'gru 5' })).toBeUndefined()
    expect(of({ right: 'gru 5' })).toBeUndefined()
    expect(of({}, [planned('gru 3', ['m1']), planned('elman 3', ['m2'], 'other data')])).toBeUndefined()
  })
})

describe('averaged sides', () => {
  test('are one of the pairs of levels', () => {
    expect(of({ left: gru, right: elman })).toEqual({ settings: 2, seeds: 3, paired: false, figure: false, family: 3 })
  })

  test('are one more where one of them is no level', () => {
    // A label names all that the grid varies: six levels make 15 pairs, and two variants are none of these levels.
    expect(of({ left: gru, right: 'elman 3' })).toMatchObject({ family: 16 })
    expect(of({ left: 'elman 3', right: gru })).toMatchObject({ family: 16 })
    expect(of({ left: gru, right: { ...elman, [hidden]: 3 } })).toMatchObject({ family: 16 })
    // Variants of the same settings are one level: a label is a part of it.
    const again = [...grid, { ...planned('gru 3', models('again', 3)), label: 'again' }]
    expect(of({ left: gru, right: elman }, again)).toMatchObject({ family: 3 })
    expect(of({ left: { ...gru, [hidden]: 3 }, right: 'elman 3' }, again)).toMatchObject({ family: 15 })
    expect(of({ left: { ...gru, [hidden]: 3 }, right: { ...elman, [hidden]: 3 } }, again)).toMatchObject({ family: 15 })
    const both = { ...gru, [hidden]: 3 }
    expect(of({ left: 'elman 3', right: both }, again)).toMatchObject({ family: 15 })
  })

  test('are averages of as many settings, and of as few seeds, as both have', () => {
    const without = grid.filter(({ label }) => label !== 'elman 4')
    const some = without.map((one) => (one.label === 'gru 4' ? { ...one, trials: ['m1'] } : one))
    // Only size 3 is on both sides: the single seed of gru 4 does not count.
    expect(of({ left: gru, right: elman }, some)).toMatchObject({ settings: 1, seeds: 3 })
    const few = grid.map((one) => (one.label === 'gru 4' ? { ...one, trials: ['m1'] } : one))
    expect(of({ left: gru, right: elman }, few)).toMatchObject({ settings: 2, seeds: 1 })
    const twice = [...grid, { ...planned('elman 3', models('again', 3)), label: 'again' }]
    expect(of({ left: gru, right: elman }, twice)).toMatchObject({ settings: 2 })
    expect(of({ left: elman, right: gru }, twice)).toMatchObject({ settings: 2 })
  })
})

describe('a figure', () => {
  test('is compared with an average of all settings of a side, over its fewest seeds', () => {
    const few = grid.map((one) => (one.label === 'gru 4' ? { ...one, trials: ['m1', 'm2'] } : one))
    expect(of({ left: gru, right: 0.8 }, few)).toEqual({
      ...{ settings: 2, seeds: 2, paired: false, figure: true, family: 1 },
    })
    expect(of({ left: 'gru 5', right: 0.8 })).toBeUndefined()
    // The side is of one group of data, the first that has it.
    const elsewhere = planned('gru 5', ['m1'], 'other data')
    expect(of({ left: gru, right: 0.8 }, [...grid, elsewhere])).toMatchObject({ settings: 2, seeds: 3 })
  })
})

describe('what is corrected together', () => {
  const family = (one: Claim, ...others: readonly Claim[]) => plannedTest(one, [one, ...others], grid)?.family

  test('are the claims that compare one measure with figures', () => {
    const figure = claim({ right: 0.8 })
    expect(family(figure, claim({ right: 0.7, relation: 'higher' }))).toBe(2)
    expect(family(figure, claim({ right: 0.7, metric: 'token-accuracy' }), claim({}))).toBe(1)
  })

  test('are of equivalence the claims of equivalence over one measure', () => {
    const equal = claim({ relation: 'equivalent', margin: 0.1 })
    expect(family(equal)).toBe(1)
    expect(family(equal, claim({}), claim({ left: 'lstm 3', relation: 'equivalent', margin: 0.2 }))).toBe(2)
    expect(family(equal, { ...equal, metric: 'token-accuracy' })).toBe(1)
    // With figures too: of these, claims that are not of equivalence do not count.
    const close = claim({ right: 0.8, relation: 'equivalent', margin: 0.1 })
    expect(family(close, claim({ right: 0.7 }), claim({ right: 0.6 }))).toBe(1)
    expect(family(close, equal)).toBe(2)
  })
})
