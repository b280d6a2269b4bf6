import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { answer } from '../../../src/report/analysis/comparison/answer.js'
import { headline } from '../../../src/report/analysis/comparison/headline.js'
import type { ComparisonReport, MetricComparison, Pair } from '../../../src/report/analysis/comparison/types.js'
import type { VariantTrials } from '../../../src/report/analysis/comparison/variants.js'
import { madeUpTrial } from '../made-up.js'

const { record } = madeUpTrial({ examples: 4, steps: 10 })
const trial = { directory: '', record, statistics: {}, curves: {}, gaps: {} }
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
  interval: { low: -3, high: -1 },
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

type Compared = Omit<MetricComparison, 'answer' | 'ranking'>

function compared(ids: readonly string[], more: Partial<Compared> = {}): Compared {
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
    const none = undefinedBecause('no variance was observed')
    const constant = pair('gru', 'lstm', { interval: none, p: none, adjustedP: none, significant: false })
    expect(answer(compared(['gru', 'lstm'], { pairs: [constant] }), variants(['gru', 'lstm'], 3), context)).toEqual([
      'gru and lstm cannot be compared: no variance was observed in their MAE.',
    ])
  })

  it('speaks of two trained models only where there are two', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const single = (others: readonly string[]) =>
      others.map((id) => pair('a', id, { seedVariance: undefinedBecause('one seed') }))
    const two = answer(compared(['a', 'b'], { pairs: single(['b']) }), variants(['a', 'b'], 1), context)
    expect(two[0]).toContain('only about these two trained models on')
    const many = answer(compared(ids, { pairs: single(ids.slice(1)) }), variants(ids, 1), context)
    expect(many[0]).toContain('only about these trained models on')
    expect(many[1]).toMatch(/^a has a lower MAE than b \(these trained models\) by 2 /)
    const uneven = [variant('a', 2), variant('b', 1)]
    const three = answer(compared(['a', 'b'], { pairs: single(['b']) }), uneven, context).join(' ')
    expect(three).toContain('(these trained models)')
    expect(three).not.toContain('these two')
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
    const missing = [
      { trial: 'x, seed 1', state: 'not started' },
      { trial: 'y, seed 1', state: 'begun' },
      { trial: 'y, seed 2', state: 'begun' },
    ]
    const study = { name: 's', directory: '', planned: 9, missing, command: '' }
    const failing = (label: string, unfinished: number) => ({ id: label, label, unfinished, seeds: [1] })
    const failed = (variant: string, seed: number, status: string, reason: string) => ({
      ...{ variant, seed, status, reason, concerns: [] },
    })
    const group = {
      metrics: [],
      effects: [],
      variants: ['a', 'b', 'c', 'd'].map((label) => failing(label, label === 'b' ? 2 : 1)),
      trials: [
        failed('a', 2, 'failed', 'NaN at step 3'),
        failed('b', 2, 'failed', 'NaN at step 3'),
        failed('b', 3, 'failed', 'out of memory'),
        failed('c', 2, 'cancelled', ''),
        failed('d', 2, 'failed', 'NaN at step 3'),
      ],
    }
    const report = { studies: [study], groups: [group], copies: [] } as unknown as ComparisonReport
    expect(headline(report)).toEqual([
      'Unfinished: 3 of 9 results of s are missing: 1 not started (x, seed 1), 2 running or interrupted (y, seed 1; y, seed 2).',
      '1 of 2 trials of a failed and is excluded (seed 2: NaN at step 3).',
      '2 of 3 trials of b failed and are excluded (seed 2: NaN at step 3; seed 3: out of memory).',
      '1 of 2 trials of c was cancelled and is excluded (seed 2).',
      'Trials of 1 more variant failed or were cancelled too.',
      'No trial has finished: there is nothing to compare yet.',
    ])
  })
})
