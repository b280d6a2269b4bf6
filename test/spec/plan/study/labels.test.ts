import { expect, test } from 'vitest'
import { valueText, variantLabel } from '../../../../src/spec/plan/study/labels.js'

test('a value in words', () => {
  expect(['lstm', 0.5, true, null, [1, 'a']].map(valueText)).toEqual(['lstm', '0.5', 'true', 'null', '1+a'])
  expect(valueText({ type: 'additive' })).toBe('additive')
  expect(valueText({ type: 'additive', size: 8, bias: false })).toBe('additive(size=8, bias=false)')
  expect(valueText({ from: 'attention', scorer: { type: 'dot' } })).toBe('attention(scorer=dot)')
  expect(valueText({ size: 8 })).toBe('(size=8)')
})

test('names of parts stand alone, other values behind the shortest end of their path that no other has', () => {
  expect(variantLabel({})).toBe('')
  expect(variantLabel({ 'model.encoder.cell': 'gru', 'model.encoder.hidden': 8 })).toBe('gru, hidden=8')
  expect(variantLabel({ 'model.encoder.hidden': 8, 'model.decoder.hidden': 4 })).toBe(
    'encoder.hidden=8, decoder.hidden=4',
  )
  expect(variantLabel({ 'a.hidden': 8, 'b.hidden': 4, 'c.seed': 1 })).toBe('a.hidden=8, b.hidden=4, seed=1')
  // `subhidden` does not end in the path `hidden`.
  expect(variantLabel({ hidden: 8, subhidden: 4, 'a.b': null })).toBe('hidden=8, subhidden=4, b=null')
  expect(variantLabel({ seed: 1, 'data.seed': 2 })).toBe('seed=1, data.seed=2')
  expect(variantLabel({ 'a.part': { type: 'dot' }, 'a.list': [1, 2] })).toBe('dot, list=1+2')
})
