import { expect, test } from 'vitest'
import type { DataOptions } from '../../src/data/options.js'
import { dataProblems, resolveData } from '../../src/data/rules.js'
import { byWords, pairs } from '../support/data.js'

const one: DataOptions = { source: { type: 'inline', examples: [['a', 'b']] } }
const three: DataOptions = {
  source: { type: 'inline', train: [['a', 'b']], dev: [['a', 'b']], test: [['a', 'b']] },
}
const split = { seed: 1, keepTogether: 'source' } as const
const paths = (options: DataOptions, sides: Parameters<typeof dataProblems>[1] = pairs) =>
  dataProblems(options, sides).map((problem) => problem.path)

test('a split is refused where the source brings its sets', () => {
  expect(paths(one)).toEqual([])
  expect(paths(three)).toEqual([])
  expect(paths({ ...three, split })).toEqual(['data.split'])
  const noDev: DataOptions = { source: { type: 'inline', train: [['a', 'b']], test: [['a', 'b']] } }
  expect(paths({ ...noDev, split: { ...split, dev: 3 } })).toEqual([])
  expect(paths({ ...noDev, split: { ...split, test: 3 } })).toEqual(['data.split.test'])
  expect(paths({ ...one, split: { ...split, dev: 2.5 } })).toEqual(['data.split.dev'])
})

test('a source names one set or given sets, not both and not none', () => {
  expect(paths({ source: { type: 'inline' } })).toEqual(['data.source'])
  expect(paths({ source: { type: 'inline', examples: [['a', 'b']], dev: [['a', 'b']] } })).toEqual(['data.source.dev'])
})

test('options of tokens are refused where there are none', () => {
  const label = { source: 'tokens', target: 'label' } as const
  expect(paths({ ...one, targetTokens: byWords }, label)).toEqual(['data.targetTokens'])
  const labels = { source: 'tokens', target: 'labels' } as const
  const folded = { ...one, targetTokens: { ...byWords, minFrequency: 2, maxLength: 4 } }
  expect(paths(folded, labels)).toEqual(['data.targetTokens.minFrequency', 'data.targetTokens.maxLength'])
  const values = { source: 'values', target: 'values' } as const
  expect(paths({ ...one, sourceTokens: byWords }, values)).toEqual(['data.sourceTokens'])
})

test('resolving fills in what applies, and is idempotent', () => {
  const resolved = resolveData(one, pairs)
  expect(resolved.split).toEqual({ seed: 13, keepTogether: 'source', dev: 1000, test: 2000 })
  expect(resolved.targetTokens).toEqual({ ...byWords, maxLength: 256 })
  expect(resolved.references).toBe('grouped')
  expect(resolveData(resolved, pairs)).toEqual(resolved)
  expect(resolveData(three, pairs)).not.toHaveProperty('split')
  expect(dataProblems(resolveData(three, pairs), pairs)).toEqual([])
  expect(resolveData(one, { source: 'tokens', target: 'label' })).not.toHaveProperty('targetTokens')
})
