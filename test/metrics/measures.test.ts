import { expect, test } from 'vitest'
import type { MetricSpec } from '../../src/metrics/index.js'
import { isSameMeasure, measureNames } from '../../src/metrics/measures.js'

const f1 = (average: 'micro' | 'macro'): MetricSpec => ({ type: 'f1', average })
/** As a version wrote it that had no such option. */
const older = { type: 'f1' } as unknown as MetricSpec
const named = (...specs: readonly MetricSpec[]) => {
  const nameOf = measureNames(specs.map((spec) => ({ name: spec.type, spec })))
  return specs.map((spec) => nameOf(spec.type, spec))
}

test('a metric is another measure under other options; what a spec leaves out is the default', () => {
  expect(isSameMeasure(f1('micro'), f1('micro'))).toBe(true)
  expect(isSameMeasure(f1('micro'), f1('macro'))).toBe(false)
  expect(isSameMeasure(older, f1('macro'))).toBe(true)
  expect(isSameMeasure(older, f1('micro'))).toBe(false)
  expect(isSameMeasure({ type: 'accuracy' }, { type: 'mse', of: 'values' })).toBe(false)
})

test('measures have the names of their metrics where all have the same options', () => {
  expect(named(f1('micro'), f1('micro'), { type: 'accuracy' })).toEqual(['f1', 'f1', 'accuracy'])
  expect(named(older, f1('macro'))).toEqual(['f1', 'f1'])
  expect(named()).toEqual([])
})

test('measures of one metric are told apart by the options that differ, and by these alone', () => {
  expect(named(f1('micro'), older, { type: 'accuracy' })).toEqual([
    'f1 (average: micro)',
    'f1 (average: macro)',
    'accuracy',
  ])
  const bleu = (smooth: 'exp' | 'none', tokenize: 'none' | '13a'): MetricSpec => {
    return { type: 'bleu', smooth, tokenize, lowercase: false }
  }
  expect(named(bleu('exp', 'none'), bleu('exp', '13a'))).toEqual(['bleu (tokenize: none)', 'bleu (tokenize: 13a)'])
  expect(named(bleu('exp', 'none'), bleu('none', '13a'))).toEqual([
    'bleu (tokenize: none, smooth: exp)',
    'bleu (tokenize: 13a, smooth: none)',
  ])
})

test('options of a metric that is not known are what specs have of them', () => {
  const [mine, other, third] = [
    { type: 'mine', size: 2 },
    { type: 'mine', size: [3] },
    { type: 'mine' },
  ] as unknown as [MetricSpec, MetricSpec, MetricSpec]
  expect(named(mine, other, third)).toEqual(['mine (size: 2)', 'mine (size: [3])', 'mine (size: none)'])
  expect(isSameMeasure(mine, { ...mine })).toBe(true)
})
