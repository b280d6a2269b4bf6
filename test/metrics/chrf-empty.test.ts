import { expect, test } from 'vitest'
import { numberOrNaN } from '../../src/core/measured.js'
import { metrics } from '../../src/metrics/index.js'
import { addStatistics, corpusValue } from '../../src/metrics/score.js'

// sacrebleu 2.6.0: CHRF().corpus_score(['', second], [[first reference, 'abcdef'], [second reference, 'abcdef']]). Of
// references with equal scores, which all have where the output is empty, it takes the first, too.
test.each([
  ['abcdef', ['abc', ''], 88.77284595300262],
  ['abcdef', ['', 'abc'], 100],
  ['abcdxf', ['abc', ''], 30.08209858371766],
  ['abcdxf', ['', 'abc'], 37.77777777777778],
])('chrf of an empty output, and of %s: the first of equal references counts', (second, references, expected) => {
  const metric = metrics.build({ type: 'chrf', beta: 2, wordOrder: 0, lowercase: false })
  const rows = [
    { hypothesis: [], references: references.map((text) => [...text]) },
    { hypothesis: [...second], references: [[...'abcdef']] },
  ].map((example) => metric.statistics({ source: [], ...example }))
  expect(numberOrNaN(corpusValue(metric, addStatistics(rows)))).toBeCloseTo(expected, 9)
})
