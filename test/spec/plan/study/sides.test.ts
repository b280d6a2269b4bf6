import { describe, expect, test } from 'vitest'
import {
  matchSides,
  namedPaths,
  settingsKey,
  sideTexts,
  valuesOf,
  variantsOn,
} from '../../../../src/spec/plan/study/sides.js'
import type { LoadedSpec } from '../../../../src/spec/types.js'
import { variantOf, withEncoder } from '../resolved.js'

/** A tagger's variant of a cell and a hidden size. */
function variant(type: string, hidden: number, more: LoadedSpec['variant'] = {}): LoadedSpec {
  const values = { 'model.encoder.cell': type, 'model.encoder.hidden': hidden, ...more }
  return variantOf(`${type}-${hidden}`, values, withEncoder({ cell: { type }, hidden }))
}

const [gru8, gru16, lstm8, lstm16] = [variant('gru', 8), variant('gru', 16), variant('lstm', 8), variant('lstm', 16)]
const all = [gru8, gru16, lstm8, lstm16]

test('a side means the variant of its label, or those with its settings', () => {
  expect(variantsOn('gru-16', all)).toEqual([gru16])
  expect(variantsOn('gru', all)).toEqual([])
  expect(variantsOn({ 'model.encoder.cell': 'gru' }, all)).toEqual([gru8, gru16])
  expect(variantsOn({ 'model.encoder.cell': 'gru', 'model.encoder.hidden': 8 }, all)).toEqual([gru8])
  expect(variantsOn(0.9, all)).toEqual([])
})

test('settings name their paths, a label all that the study varies', () => {
  const [cell, hidden] = ['model.encoder.cell', 'model.encoder.hidden']
  expect(namedPaths({ left: { [cell]: 'gru' }, right: { [cell]: 'lstm' } }, all)).toEqual([cell])
  expect(namedPaths({ left: { [hidden]: 8 }, right: { [cell]: 'lstm' } }, all)).toEqual([hidden, cell])
  expect(namedPaths({ left: { [hidden]: 8 }, right: 'gru-8' }, all)).toEqual([hidden, cell])
  expect(namedPaths({ left: { [hidden]: 8 }, right: 0.9 }, all)).toEqual([hidden])
})

describe('variants of two sides that agree in what neither names', () => {
  const cells = ['model.encoder.cell']

  test('and what they are averaged over', () => {
    expect(matchSides([gru8, gru16], [lstm16, lstm8], cells, all)).toEqual({
      left: [gru8, gru16],
      right: [lstm16, lstm8],
      over: [{ path: 'model.encoder.hidden', values: ['8', '16'] }],
      unmatched: [],
    })
  })

  test('and those without a counterpart', () => {
    expect(matchSides([gru8, gru16], [lstm16], cells, [gru8, gru16, lstm16])).toEqual({
      left: [gru16],
      right: [lstm16],
      over: [],
      unmatched: [gru8],
    })
    expect(matchSides([gru8], [lstm16], cells, all)).toEqual({
      left: [],
      right: [],
      over: [],
      unmatched: [gru8, lstm16],
    })
  })

  test('every path that either side names is left out of what must agree', () => {
    const named = [...cells, 'model.encoder.hidden']
    expect(matchSides([gru8], [lstm16], named, all)).toEqual({ left: [gru8], right: [lstm16], over: [], unmatched: [] })
  })

  test('a path above or below a named one is named', () => {
    const encoder = variant('gru', 8, { 'model.encoder': 'x' })
    const [one, other] = [encoder, { ...lstm16, variant: { 'model.encoder': 'y' } }]
    expect(matchSides([one], [other], ['model.encoder.hidden'], [one, other])).toMatchObject({ left: [], right: [] })
    const both = matchSides([one], [other], ['model.encoder'], [one, other])
    expect(both).toEqual({ left: [one], right: [other], over: [], unmatched: [] })
    const [wide, narrow] = [one, other].map((each) => ({ ...each, variant: { 'model.encoder': each.label } }))
    if (wide === undefined || narrow === undefined) throw new RangeError('two variants')
    expect(matchSides([wide], [narrow], ['model.encoder.hidden'], [wide, narrow]).left).toEqual([wide])
    // `model.enc` is not above `model.encoder.hidden`.
    expect(matchSides([gru8], [gru16], ['model.encoder.hid'], all).left).toEqual([])
  })
})

test('settings agree where their values at these paths do', () => {
  expect(settingsKey(gru8.spec, ['model.encoder.hidden', 'model.decoder.hidden'])).toBe('[8,null]')
})

test('values as the grid has them, else as they are resolved', () => {
  expect(valuesOf('model.encoder.hidden', all)).toEqual(['8', '16'])
  const part = { ...gru8, variant: { 'model.encoder.cell': { type: 'gru', reset: 'after' } } }
  expect(valuesOf('model.encoder.cell', [part, lstm8])).toEqual(['gru(reset=after)', 'lstm'])
  expect(valuesOf('train.batchSize', all)).toEqual(['2'])
  const none = { ...gru8, variant: { 'train.clipNorm': null } }
  expect(valuesOf('train.clipNorm', [none, { ...gru8, variant: { 'train.clipNorm': 1 } }])).toEqual(['none', '1'])
  expect(valuesOf('train.nothing', [gru8])).toEqual(['none'])
})

test('sides in words: with their whole paths where both would read alike', () => {
  expect(sideTexts({ left: 'a', right: 'b' }, String)).toEqual(['a', 'b'])
  expect(sideTexts({ left: 'gru-8', right: 'lstm-8' }, String)).toEqual(['gru-8', 'lstm-8'])
  expect(sideTexts({ left: 'a', right: 'a' }, String)).toEqual(['a', 'a'])
  expect(sideTexts({ left: { 'a.hidden': 8, 'a.b': 'x' }, right: { 'b.hidden': 9 } }, String)).toEqual([
    'hidden=8, x',
    'hidden=9',
  ])
  expect(sideTexts({ left: { 'a.hidden': 8, 'a.b': 'x' }, right: { 'b.hidden': 8, 'b.c': 'x' } }, String)).toEqual([
    'a.hidden=8, a.b=x',
    'b.hidden=8, b.c=x',
  ])
  expect(sideTexts({ left: 'x', right: { 'a.b': 'x' } }, String)).toEqual(['x', 'a.b=x'])
  const percent = (figure: number) => `${100 * figure} %`
  expect(sideTexts({ left: { 'a.hidden': 8 }, right: 0.5 }, percent)).toEqual(['hidden=8', '50 %'])
})
