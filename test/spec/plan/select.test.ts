import { expect, test } from 'vitest'
import { selectTrials } from '../../../src/spec/plan/select.js'
import type { PlannedEvaluation, PlannedTrial } from '../../../src/spec/types.js'

type Trial = Pick<PlannedTrial, 'id'> & { readonly evaluations: readonly Pick<PlannedEvaluation, 'label'>[] }

test('--only: the beginning of an id, or a part of any label', () => {
  const trials: Trial[] = [
    { id: 'abc1', evaluations: [{ label: 'gru greedy' }, { label: 'gru beam' }] },
    { id: 'def2', evaluations: [{ label: 'lstm greedy' }] },
  ]
  const select = (...texts: string[]) => {
    // Nothing else of a trial is looked at.
    const selected = selectTrials({ study: 's', claims: [], trials: trials as unknown as PlannedTrial[] }, texts)
    return 'trials' in selected ? selected.trials.map(({ id }) => id) : selected.problem
  }
  expect(select('beam')).toEqual(['abc1'])
  expect(select('greedy')).toEqual(['abc1', 'def2'])
  expect(select('def')).toEqual(['def2'])
  expect(select('lstm', 'abc')).toEqual(['abc1', 'def2'])
  expect(selectTrials({ study: 's', claims: [], trials: [] }, undefined)).toEqual({ trials: [] })
  expect(select('gru', 'ef2', 'x')).toEqual({
    ...{ path: '', message: '--only ef2 matches no trial' },
    expected: 'part of a label: gru greedy; gru beam; lstm greedy',
  })
})
