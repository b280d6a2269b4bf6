import { expect, test } from 'vitest'
import { advance, startState } from '../../../src/cli/text/run-state.js'
import type { RunEvent } from '../../../src/runner/events.js'
import { madeUpTrial } from '../../report/made-up.js'

function finished(label: string, of: 'values' | 'scaled', value: number): RunEvent {
  const { record } = madeUpTrial({ label, examples: 2, steps: 10 })
  const results = { mae: { value, interval: { value: null, reason: 'made up' } } }
  const metrics = [{ type: 'mae' as const, of }]
  const { validate } = record.spec.train
  const train = { ...record.spec.train, validate: { ...validate, select: metrics } }
  const spec = { ...record.spec, train, metrics }
  return {
    ...{ kind: 'trial-finished', trialId: label, directory: `runs/heat/${label}` },
    record: { ...record, trialId: label, spec, metrics: { dev: results, test: results } },
  }
}

test('the best dev value so far is among trials that measure it as the first does', () => {
  const state = startState(0)
  const events = [finished('first', 'values', 5), finished('other', 'scaled', 0.1), finished('better', 'values', 3)]
  const best = events.map((event) => {
    advance(state, event, 0)
    return state.best?.label
  })
  expect(best).toEqual(['first seed 1', 'first seed 1', 'better seed 1'])
  expect(state.best).toMatchObject({ metric: 'mae', value: 3 })
})
