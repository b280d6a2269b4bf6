import { expect, test } from 'vitest'
import { metrics } from '../../src/metrics/index.js'
import { addStatistics, corpusValue } from '../../src/metrics/score.js'
import { labelTable } from '../../src/report/analysis/evaluation/classes.js'

const labels = ['a', 'b', 'c']
// Two labels that training lacks, one that is never predicted, one that is never expected.
const lines = [
  { references: [['a']], hypothesis: ['a'] },
  { references: [['a']], hypothesis: ['b'] },
  { references: [['c']], hypothesis: ['a'] },
  { references: [['new']], hypothesis: ['a'] },
  { references: [['newer']], hypothesis: ['b'] },
]

test('the macro averages of details.json are those of the metrics', () => {
  const macroOf = (name: 'macro-f1' | 'precision' | 'recall') => {
    const metric = metrics.build(name === 'macro-f1' ? { type: name } : { type: name, average: 'macro' })
    return corpusValue(metric, addStatistics(lines.map((line) => metric.statistics({ source: [], labels, ...line }))))
  }
  const table = labelTable(lines, 'label', labels)
  expect(table?.rows.map(({ name }) => name)).toEqual(['a', 'c', 'new', 'newer', 'b'])
  expect(table?.macro.f1).toBeCloseTo(Number(macroOf('macro-f1')), 12)
  expect(table?.macro.precision).toBeCloseTo(Number(macroOf('precision')), 12)
  expect(table?.macro.recall).toBeCloseTo(Number(macroOf('recall')), 12)
  // (2 / 5 + 0 + 0 + 0) / 4: the two labels that training lacks are one.
  expect(table?.macro.f1).toBeCloseTo(0.1, 12)
  expect(labelTable(lines, 'label')?.macro.f1).toBeCloseTo(0.08, 12)
})
