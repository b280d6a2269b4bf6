import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { answer } from '../../../src/report/analysis/comparison/answer.js'
import { headline } from '../../../src/report/analysis/comparison/headline.js'
import type { ComparisonReport, MetricComparison, Pair } from '../../../src/report/analysis/comparison/types.js'
import type { VariantTrials } from '../../../src/report/analysis/comparison/variants.js'
import { madeUpTrial } from '../made-up.js'

const { record } = madeUpTrial({ examples: 4, steps: 10 })
const trial = { directory: '', record, statistics: {}, curves: {} }
const variant = (id: string, seeds: number): VariantTrials => ({
  id,
  label: id,
  settings: {},
  completed: Array(seeds).fill(trial),
  unfinished: [],
})
const values = (id: string, dev: number) => ({
  variant: id,
  seeds: [1],
  perSeed: [dev],
  mean: { value: dev, interval: undefinedBecause('made up') },
  seedDeviation: undefinedBecause('made up'),
  dev,
})
const pair = (left: string, right: string, more: Partial<Pair> = {}): Pair => ({
  left,
  right,
  paired: 0,
  difference: -2,
  low: -3,
  high: -1,
  level: 0.95,
  p: 0.01,
  adjustedP: 0.01,
  significant: true,
  effectSize: 1,
  seedVariance: 1,
  exampleVariance: 1,
  degreesOfFreedom: 4,
  ...more,
})

function compared(ids: readonly string[], more: Partial<MetricComparison> = {}): Omit<MetricComparison, 'answer'> {
  const rivals = ids.slice(1)
  return {
    name: 'mae',
    title: 'MAE',
    unit: 'number',
    better: 'lower',
    best: ids[0] ?? null,
    values: ids.map((id, at) => values(id, at)),
    pairs: rivals.map((id) => pair(ids[0] ?? '', id)),
    ...more,
  }
}

const context = { examples: 120, seedWord: 'seed' }
const variants = (ids: readonly string[], seeds: number) => ids.map((id) => variant(id, seeds))

describe('answer', () => {
  it('has an article that fits the metric, and seeds in the singular', () => {
    expect(answer(compared(['gru'], { values: [values('gru', 2)] }), variants(['gru'], 1), context)).toEqual([
      'gru has an MAE of 2 (1 seed); there is no other variant to compare it with.',
    ])
  })

  it('cannot compare what has no variance', () => {
    const constant = pair('gru', 'lstm', { low: null, high: null, p: null, significant: false })
    expect(answer(compared(['gru', 'lstm'], { pairs: [constant] }), variants(['gru', 'lstm'], 3), context)).toEqual([
      'gru and lstm cannot be compared: no variance was observed in their MAE.',
    ])
  })

  it('speaks of two trained models only where there are two', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const single = (others: readonly string[]) => others.map((id) => pair('a', id, { seedVariance: null }))
    const two = answer(compared(['a', 'b'], { pairs: single(['b']) }), variants(['a', 'b'], 1), context)
    expect(two[0]).toContain('only about these two trained models on')
    const many = answer(compared(ids, { pairs: single(ids.slice(1)) }), variants(ids, 1), context)
    expect(many[0]).toContain('only about these trained models on')
    expect(many[1]).toMatch(/^a has a lower MAE than b \(these two trained models\) by 2 /)
    expect(many.at(-1)).toBe('Of 3 further variants (these trained models), 3 have a higher MAE than a.')
  })

  it('agrees in number where variants are only counted', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const pairs = ids.slice(1).map((id) => pair('a', id, id === 'f' ? { significant: false } : {}))
    expect(answer(compared(ids, { pairs }), variants(ids, 2), context).at(-1)).toBe(
      'Of 2 further variants, 1 has a higher MAE than a; 1 does not differ significantly from it.',
    )
  })
})

describe('headline', () => {
  it('agrees in number', () => {
    const study = {
      name: 's',
      directory: '',
      planned: 4,
      missing: ['x, seed 1', 'y, seed 1'],
      missingEvaluations: [],
      command: '',
    }
    const failing = (label: string, unfinished: number) => ({ label, unfinished, seeds: [1] })
    const group = { metrics: [], variants: ['a', 'b', 'c', 'd'].map((label, at) => failing(label, at + 1)) }
    const report = { studies: [study], groups: [group], copies: [] } as unknown as ComparisonReport
    expect(headline(report)).toEqual([
      'Unfinished: 2 of 4 trials of s have no result yet (x, seed 1; y, seed 1).',
      '1 of 2 trials of a failed or was cancelled and is excluded.',
      '2 of 3 trials of b failed or were cancelled and are excluded.',
      '3 of 4 trials of c failed or were cancelled and are excluded.',
      'Trials of 1 more variant failed or were cancelled too.',
      'No trial has finished: there is nothing to compare yet.',
    ])
  })
})
