import { describe, expect, it } from 'vitest'
import { type Undefined, undefinedBecause } from '../../../src/core/measured.js'
import { count } from '../../../src/report/format/numbers.js'
import {
  type AnyInterval,
  differenceText,
  duration,
  durationTick,
  lossText,
  measuredText,
  missingIntervalsText,
  probabilityStatement,
  resultCellText,
  resultDetails,
  resultNotes,
  resultSentence,
  resultText,
  signedDifference,
  significant,
  valueWithUnit,
} from '../../../src/report/format/values.js'

describe('values of metrics', () => {
  it('say why they have no interval once: in a sentence, or below their table', () => {
    const none = { value: 0.088, interval: undefinedBecause('two seeds are too few') }
    expect(resultSentence(none, 'percent')).toBe('8.8 % (no interval: two seeds are too few)')
    expect(resultCellText(none, 'percent')).toBe('8.8 % (no interval)')
    expect(missingIntervalsText([none, none, undefinedBecause('nothing was scored')])).toBe(
      'No interval: two seeds are too few.',
    )
    expect(missingIntervalsText([])).toBeUndefined()
  })

  it('have the digits and the sign of their unit', () => {
    expect(valueWithUnit(0.0883, 'percent')).toBe('8.8 %')
    expect(valueWithUnit(27.34, 'points')).toBe('27.3')
    expect(valueWithUnit(1.5, 'nats')).toBe('1.500 nats')
    expect(valueWithUnit(12_345.678, 'number')).toBe('12,346')
    expect(valueWithUnit(3.3079448169786344e30, 'nats')).toBe('3.308e+30 nats')
    expect(valueWithUnit(-0.0001, 'percent')).toBe('0.0 %')
    expect(valueWithUnit(Number.NaN, 'percent')).toBe('NaN %')
  })

  it('have an interval where there is one', () => {
    const result = (interval: AnyInterval | Undefined) => ({ value: 0.0883, interval })
    const ends = { low: 0.083, high: 0.093 }
    expect(resultText(result({ ...ends, method: 'bootstrap' }), 'percent')).toBe('8.8 % (8.3 to 9.3)')
    expect(resultText(result(undefinedBecause('one seed')), 'percent')).toBe('8.8 % (no interval)')
    expect(resultNotes(result(undefinedBecause('one seed')))).toEqual(['no interval: one seed'])
  })

  it('name another share that an interval is of', () => {
    const interval = { low: 0, high: 0.088, method: 'clopper-pearson-errors' }
    expect(resultText({ value: 0, interval }, 'points')).toBe('0.0 (examples with an error: 0.0 to 8.8 %)')
  })

  it('say that there is no number, and why; what an interval and a value leave out', () => {
    expect(resultText(undefinedBecause('nothing was scored'), 'nats')).toBe('undefined')
    expect(resultNotes(undefinedBecause('nothing was scored'))).toEqual(['undefined: nothing was scored'])
    expect([measuredText(undefinedBecause('why'), 'percent'), lossText(undefinedBecause('why'))]).toEqual([
      'undefined',
      'undefined',
    ])
    const interval = { low: 1, high: 2, method: 'bootstrap', undefinedResamples: 12 }
    expect(resultSentence({ value: 1.5, interval, note: 'without b' }, 'number')).toBe(
      '1.5 (1 to 2); without b; interval without 12 resamples, which have no value',
    )
  })

  it('differ by points, never by percent', () => {
    expect(differenceText(0.012, 'percent')).toBe('1.2 points')
    expect(signedDifference(-0.012, 'percent')).toBe('-1.2 points')
    expect(signedDifference(2, 'number')).toBe('+2')
  })
})

describe('what a value is made of', () => {
  it('is counted, and its signature said', () => {
    const estimate = { value: 0.5, interval: undefinedBecause('one seed') }
    const counts = { substitutions: 1, insertions: 0, deletions: 1200 }
    expect(resultDetails({ ...estimate, counts, signature: 'tok:13a' })).toEqual([
      '1 substitution, 0 insertions, 1,200 deletions',
      'tok:13a',
    ])
    expect(resultDetails(estimate)).toEqual([])
    expect(resultDetails(undefinedBecause('nothing was scored'))).toEqual([])
  })
})

describe('other numbers', () => {
  it('are short', () => {
    expect(count(134_000.4)).toBe('134,000')
    expect([0.002, 1.2377, 5000, 0.00001234].map((number) => significant(number))).toEqual([
      '0.002',
      '1.24',
      '5,000',
      '1.23e-5',
    ])
    expect([0.5, 0.00043219, 12.3456].map(lossText)).toEqual(['0.5000', '0.0004322', '12.35'])
    expect([0.03211, 0.00009].map(probabilityStatement)).toEqual(['p = 0.032', 'p < 0.0001'])
    expect([850, 42_000, 200_000, 7_500_000].map(duration)).toEqual(['850 ms', '42 s', '3 min 20 s', '2 h 5 min'])
    expect([850, 1500, 90_000].map(durationTick)).toEqual(['850 ms', '1.5 s', '1.5 min'])
  })
})
