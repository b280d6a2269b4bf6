import { describe, expect, test } from 'vitest'
import {
  countQuantity,
  durationQuantity,
  metricQuantity,
  plainQuantity,
  quantityText,
} from '../../../src/report/format/quantity.js'

describe('the end of an axis', () => {
  test.each([
    ['perfect in every seed', 'percent', [1, 1], 1],
    ['near perfect', 'percent', [0.5, 0.97], 1],
    ['one value', 'percent', [0.7], 1],
    ['low', 'percent', [0.05, 0.2], undefined],
    ['nothing right', 'percent', [0, 0], undefined],
    ['an error rate above 100 %', 'percent', [0.6, 1.6], undefined],
    ['BLEU', 'points', [40, 100], 100],
    ['a loss', 'nats', [0.9, 1], undefined],
    ['nothing', 'percent', [], undefined],
  ] as const)('%s', (_, unit, drawn, max) => {
    expect(metricQuantity('m', unit, drawn).max).toBe(max)
  })
})

describe('values', () => {
  test('are written as in tables, with the unit', () => {
    expect(quantityText(metricQuantity('PER', 'percent', [0.05, 0.4]), 0.0883)).toBe('8.8 %')
    expect(quantityText(metricQuantity('BLEU', 'points', [20, 60]), 31.26)).toBe('31.3')
    expect(quantityText(plainQuantity('validation loss', 'nats', [0.3, 3.2]), 0.31249)).toBe('0.3125 nats')
    expect(quantityText(plainQuantity('distance', 'number', [1, 2]), 1.5)).toBe('1.5')
    expect(quantityText(countQuantity('parameters'), 430_123)).toBe('430,123')
  })

  test('have the digits that tell neighbours on the axis apart', () => {
    const per = metricQuantity('PER', 'percent', [0.081, 0.083])
    expect([0.0812, 0.0816, 0.082].map(per.text)).toEqual(['8.12', '8.16', '8.20'])
    const loss = plainQuantity('loss', 'nats', [1.00001, 1.00005])
    expect([1.00001, 1.00002].map(loss.text)).toEqual(['1.00001', '1.00002'])
    expect(metricQuantity('PER', 'percent', [1e-12, 3e-12]).text(2e-12)).toBe('2.00e-10')
  })

  test('of time are in one unit', () => {
    const { quantity, one } = durationQuantity('training time', [90_500, 270_000])
    expect(quantity.title).toBe('training time (min)')
    expect(quantityText(quantity, 90_500 / one)).toBe('1.508 min')
    expect(durationQuantity('t', [1500]).quantity.unit).toBe(' ms')
    expect(durationQuantity('t', [8_000_000]).quantity.unit).toBe(' h')
  })
})
