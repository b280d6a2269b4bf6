import { describe, expect, test } from 'vitest'
import { compareTexts, isMissing, orderedLevels } from '../../../src/report/format/order.js'

describe('compareTexts', () => {
  test.each([
    [['8', '16', '128']],
    [['-0.5', '0.25', '0.5', '2e+3']],
    [['1e-4', '3e-4', '0.001', '0.02']],
    [['2', '999', '1,000', '12,000']],
    [['5 %', '10 %', '100 %']],
    [['8 MB', '16 MB']],
    [['hidden=8, dropout=0.25', 'hidden=8, dropout=0.5', 'hidden=16, dropout=0']],
    [['v9', 'v10']],
    [['gru-8', 'gru-16', 'lstm-4']],
    [['additive(size=64)', 'additive(size=128)', 'general']],
    [['7–9', '10–12']],
  ])('%j', (ordered) => {
    expect(ordered.toReversed().toSorted(compareTexts)).toEqual(ordered)
  })
})

test('what has no value is recognised', () => {
  expect(['', 'none', 'undefined', 'undefined: no scored token'].every(isMissing)).toBe(true)
  expect(['0', 'nonempty', 'undefinedness'].some(isMissing)).toBe(false)
})

test('levels that are numbers are in their order, the others in the order of the plan; none is last', () => {
  expect(orderedLevels(['16', 'none', '128', '8'])).toEqual(['8', '16', '128', 'none'])
  expect(orderedLevels(['general', 'additive', 'none', 'dot'])).toEqual(['general', 'additive', 'dot', 'none'])
  expect(orderedLevels([])).toEqual([])
})
