import { expect, test } from 'vitest'
import type { TrialRow } from '../../../src/report/live/types.js'
import { bestOf, recordRow } from '../../../src/report/live/watch/rows.js'
import { madeUpTrial } from '../made-up.js'

function row(label: string, of: 'values' | 'scaled', value: number): TrialRow {
  const { record } = madeUpTrial({ label, examples: 2, steps: 10 })
  const results = { mae: { value, interval: { value: null, reason: 'made up' } } }
  const spec = {
    ...record.spec,
    train: {
      ...record.spec.train,
      validate: { ...record.spec.train.validate, select: [{ type: 'mae' as const, of }] },
    },
    metrics: [{ type: 'mae' as const, of }],
  }
  return recordRow('heat', label, { ...record, spec, metrics: { dev: results, test: results } })
}

const best = (...rows: readonly TrialRow[]) => bestOf(rows).best?.trial

test('the best of finished trials is one of those that measure the metric as the first does', () => {
  const rows = [row('first', 'values', 5), row('other', 'scaled', 0.1), row('better', 'values', 3)]
  expect(best(...rows)).toBe('better, seed 1')
  expect(best(...rows.toReversed())).toBe('better, seed 1')
  expect(best()).toBeUndefined()
})

test('how a running trial measures it is not known: its value counts', () => {
  const { measure: _, ...dev } = row('running', 'values', 2).dev ?? {
    metric: '',
    value: 0,
    text: '',
    better: 'lower' as const,
  }
  const running = { ...row('running', 'values', 2), dev }
  expect(best(row('first', 'values', 5), running)).toBe('running, seed 1')
  expect(best(running, row('first', 'values', 5), row('better', 'values', 1))).toBe('better, seed 1')
})
