import { expect, test } from 'vitest'
import { directionOf } from '../../../../src/spec/plan/study/direction.js'

test('better is lower or higher by the metric, and worse is the other', () => {
  expect(directionOf({ relation: 'better', metric: 'ser' })).toBe('lower')
  expect(directionOf({ relation: 'worse', metric: 'ser' })).toBe('higher')
  expect(directionOf({ relation: 'better', metric: 'f1' })).toBe('higher')
  expect(directionOf({ relation: 'worse', curve: 'f1' })).toBe('lower')
  expect(directionOf({ relation: 'better', curve: 'validation-loss' })).toBe('lower')
  expect(directionOf({ relation: 'worse', curve: 'training-loss' })).toBe('higher')
})

test('what is said in so many words stays, and so does what nothing is known of', () => {
  for (const relation of ['lower', 'higher', 'equivalent'] as const)
    expect(directionOf({ relation, metric: 'ser' })).toBe(relation)
  expect(directionOf({ relation: 'better', curve: 'copies-distance' })).toBe('better')
  expect(directionOf({ relation: 'worse', metric: 'mine' })).toBe('worse')
})
