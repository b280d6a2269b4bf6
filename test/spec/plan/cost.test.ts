import { expect, test } from 'vitest'
import { costOf, gigabytes, memoryText } from '../../../src/spec/plan/cost.js'
import { countParameters, modelOf } from '../../../src/spec/plan/parameters.js'
import { loadedFrom, taggerText, transducerText } from './loaded.js'

const sizes = { source: { vocabulary: 6 }, target: { vocabulary: 5 }, longestSource: 9, longestTarget: 9 }
const tagger = loadedFrom(taggerText).spec
const transducer = loadedFrom(transducerText).spec

test('a tagger by hand', () => {
  const model = modelOf(tagger, sizes)
  // Table 6 x 2, kernel 2 x 3, recurrent kernel 3 x 3, bias 3; head 3 x 5 and bias 5.
  expect(countParameters(model)).toBe(12 + 6 + 9 + 3 + 15 + 5)
  // A step: 15 products in the cell, which give 2 x 3 numbers, and 15 in the head, which give 5; 2 examples of 4 steps.
  expect(costOf(model, { batch: 2, source: 4, target: 0 })).toEqual({
    parameters: 50,
    flops: 6 * 2 * 4 * (15 + 15),
    bytes: 4 * (8 * 50 + 2 * 2 * 4 * (6 + 5)),
    millisecondsAStep: 1440 / 60e6 + 0.15 * 4,
  })
})

test('a transducer by hand: work for each source step, each target step and each pair of them', () => {
  const source = 4 * 12 + 4 * 12 + 4 * 4
  const target = 4 * 4 + (8 * 12 + 4 * 12) + 8 * 5
  const pair = 4 + 4
  const cost = costOf(modelOf(transducer, sizes), { batch: 2, source: 3, target: 5 })
  expect(cost.flops).toBe(6 * 2 * (3 * source + 5 * target + 15 * pair))
  // Numbers that these products give: 12 + 12 and 4; 4, 12 + 12 and 5; 4.
  expect(cost.bytes).toBe(4 * (8 * 401 + 2 * 2 * (3 * 28 + 5 * 33 + 15 * 4)))
  expect(cost.millisecondsAStep).toBeCloseTo(17_472 / 60e6 + 0.15 * 8, 12)
})

test('a classifier by hand: its head once for each example', () => {
  const text = taggerText
    .replace('task: tag', 'task: classify')
    .replace('cell: elman, hidden: 3 }', '$&\n  context: last-state')
  const { spec } = loadedFrom(text)
  const { flops } = costOf(modelOf(spec, sizes), { batch: 2, source: 4, target: 0 })
  expect(flops).toBe(6 * 2 * (4 * 15 + 15))
})

test('memory in MB, rounded up, and in GB from 1 GB on', () => {
  expect([1, 1e6, 1_000_001, 999_999_999].map(memoryText)).toEqual(['1 MB', '1 MB', '2 MB', '1000 MB'])
  expect([1e9, 1.26e9, 12e9].map(memoryText)).toEqual(['1.0 GB', '1.3 GB', '12.0 GB'])
  expect([5e7, 1.25e9].map(gigabytes)).toEqual(['0.1 GB', '1.3 GB'])
})
