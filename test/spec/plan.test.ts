import { expect, test } from 'vitest'
import type { Problem } from '../../src/core/errors.js'
import { fromJson, type Json, type MapNode } from '../../src/spec/document/nodes.js'
import { gigabytes, memoryText } from '../../src/spec/plan/cost.js'
import { byVariant } from '../../src/spec/plan/preflight.js'
import { selectTrials } from '../../src/spec/plan/select.js'
import { drawPoints } from '../../src/spec/plan/study/draws.js'
import { valueText, variantLabel } from '../../src/spec/plan/study/labels.js'
import { pointKey } from '../../src/spec/plan/study/point.js'
import { settingsKey, sideTexts } from '../../src/spec/plan/study/sides.js'
import type { PlannedEvaluation, PlannedTrial } from '../../src/spec/types.js'

// Pieces of a plan that need no spec: by hand.

test('memory in MB, rounded up, and in GB from 1 GB on', () => {
  expect([1, 1e6, 1_000_001, 999_999_999].map(memoryText)).toEqual(['1 MB', '1 MB', '2 MB', '1000 MB'])
  expect([1e9, 1.26e9, 12e9].map(memoryText)).toEqual(['1.0 GB', '1.3 GB', '12.0 GB'])
  expect([5e7, 1.25e9].map(gigabytes)).toEqual(['0.1 GB', '1.3 GB'])
})

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
  // `subhidden` does not end in the path `hidden`.
  expect(variantLabel({ hidden: 8, subhidden: 4, 'a.b': null })).toBe('hidden=8, subhidden=4, b=null')
  expect(variantLabel({ seed: 1, 'data.seed': 2 })).toBe('seed=1, data.seed=2')
  expect(variantLabel({ 'a.part': { type: 'dot' }, 'a.list': [1, 2] })).toBe('dot, list=1+2')
})

test('sides of a claim in words: with whole paths only where both would read alike', () => {
  expect(sideTexts({ left: 'gru', right: { 'model.encoder.cell': 'lstm' } })).toEqual(['gru', 'lstm'])
  expect(sideTexts({ left: { 'encoder.hidden': 8 }, right: { 'decoder.hidden': 8 } })).toEqual([
    'encoder.hidden=8',
    'decoder.hidden=8',
  ])
  expect(sideTexts({ left: { 'a.x': 1, 'a.y': 'z' }, right: { 'b.x': 1, 'b.y': 'z' } })).toEqual([
    'a.x=1, a.y=z',
    'b.x=1, b.y=z',
  ])
})

test('a problem that some variants have names them, up to three', () => {
  const problem: Problem = { path: 'model', message: 'too large' }
  const labelled = (...labels: string[]) => labels.map((label) => ({ problem, label }))
  expect(byVariant(labelled('a', 'b'), 2)).toEqual([problem])
  expect(byVariant(labelled('a', 'b'), 3)).toEqual([{ path: 'model', message: 'too large ("a", "b")' }])
  expect(byVariant(labelled('a', 'b', 'c'), 9)).toEqual([{ path: 'model', message: 'too large ("a", "b", "c")' }])
  expect(byVariant(labelled('a', 'b', 'c', 'd', 'e'), 9)).toEqual([
    { path: 'model', message: 'too large ("a", "b", "c", 2 more)' },
  ])
  const other: Problem = { path: 'data', message: 'gone' }
  expect(byVariant([...labelled('a', 'b'), { problem: other, label: 'b' }], 2)).toEqual([
    problem,
    { path: 'data', message: 'gone ("b")' },
  ])
})

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
  expect(select('gru', 'ef2')).toEqual({
    ...{ path: '', message: '--only ef2 matches no trial' },
    expected: 'part of a label: gru greedy; gru beam; lstm greedy',
  })
})

type Space = Json[] | { range: number[] } | { log: number[] } | { integers: number[] }

function draws(space: Record<string, Space>, samples: number, seed = 1) {
  const node = fromJson({ random: { space } }, { file: 'study.yaml' })
  if (node.kind !== 'map') throw new RangeError('no map')
  const study: MapNode = node
  const { points, notes } = drawPoints({ random: { samples, seed, space } }, study)
  return { values: points.map((point) => JSON.parse(pointKey(point))), notes }
}

test('a finite space is taken whole, and that is said', () => {
  const { values, notes } = draws({ a: [1, 2, 2], b: { integers: [5, 6] } }, 9)
  const keys = values.map((value) => JSON.stringify(value))
  expect(keys.toSorted()).toEqual(['{"a":1,"b":5}', '{"a":1,"b":6}', '{"a":2,"b":5}', '{"a":2,"b":6}'])
  expect(notes).toEqual(['random: the space has 4 points, all of which are used (samples: 9)'])
  expect(draws({ a: ['x'] }, 2).notes).toEqual(['random: the space has 1 point, all of which are used (samples: 2)'])
  expect(draws({ a: [1, 2] }, 2).notes).toEqual([])
})

test('more samples begin with the same points; another seed has others', () => {
  const space = { rate: { log: [0.001, 1] }, drop: { range: [0, 0.5] }, size: { integers: [10, 20] } }
  const [few, many] = [draws(space, 5).values, draws(space, 40).values]
  expect(many.slice(0, 5)).toEqual(few)
  expect(draws(space, 5, 2).values).not.toEqual(few)
  for (const { rate, drop, size } of many) {
    expect(rate >= 0.001 && rate <= 1 && drop >= 0 && drop <= 0.5).toBe(true)
    expect(Number.isInteger(size) && size >= 10 && size <= 20).toBe(true)
    // Rounded to 4 digits, so that people can read them.
    expect([rate, drop].map((value) => Number(value.toPrecision(4)))).toEqual([rate, drop])
  }
  // Half of log-uniform draws from 0.001 to 1 are below their geometric mean of 0.0316.
  const below = many.filter(({ rate }) => rate < 0.0316).length
  expect(below).toBeGreaterThan(10)
  expect(below).toBeLessThan(30)
  expect(new Set(many.map(({ size }) => size)).size).toBeGreaterThan(8)
})

test('a range of few numbers of 4 digits runs out, and that is said', () => {
  const { values, notes } = draws({ a: { range: [1, 1.001] } }, 5)
  expect(values.toSorted((x, y) => x.a - y.a)).toEqual([{ a: 1 }, { a: 1.001 }])
  expect(notes).toEqual(['random: only 2 points of these ranges differ in 4 digits (samples: 5)'])
})

test('settings agree where their values at these paths do', () => {
  const key = (hidden: number) =>
    settingsKey({ model: { encoder: { hidden } }, seed: hidden } as never, ['model.encoder'])
  expect(key(8)).toBe('[{"hidden":8}]')
  expect(settingsKey({ seed: 1 } as never, ['seed', 'model.encoder'])).toBe('[1,null]')
})
