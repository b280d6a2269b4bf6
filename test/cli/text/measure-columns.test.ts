import { expect, test } from 'vitest'
import { measureColumns } from '../../../src/cli/text/measure-columns.js'
import type { MetricResult } from '../../../src/metrics/score.js'

const result = (value: number): MetricResult => ({ value, interval: { value: null, reason: 'made up' } })
const averaged = (average: 'micro' | 'macro', value: number) => ({
  results: { f1: result(value), accuracy: result(0.5) },
  measured: [{ type: 'f1' as const, average }, { type: 'accuracy' as const }],
})
const shown = (...all: readonly ReturnType<typeof averaged>[]) =>
  measureColumns(all).map(({ name, metric, of }) => [name, metric, ...all.map((one) => of(one)?.value)])

test('a table has a column for each metric', () => {
  expect(shown(averaged('micro', 0.7), averaged('micro', 0.6))).toEqual([
    ['f1', 'f1', 0.7, 0.6],
    ['accuracy', 'accuracy', 0.5, 0.5],
  ])
  expect(measureColumns([])).toEqual([])
})

test('a table has a column for each way to measure a metric, empty where it is measured otherwise', () => {
  expect(shown(averaged('micro', 0.7), averaged('macro', 0.6))).toEqual([
    ['f1 (average: micro)', 'f1', 0.7, undefined],
    ['accuracy', 'accuracy', 0.5, 0.5],
    ['f1 (average: macro)', 'f1', undefined, 0.6],
  ])
})

test('results of a metric that is not among those that measure keep its name', () => {
  const older = { ...averaged('micro', 0.7), measured: [] }
  expect(shown(older, averaged('macro', 0.6))).toEqual([
    ['f1', 'f1', 0.7, 0.6],
    ['accuracy', 'accuracy', 0.5, 0.5],
  ])
})
